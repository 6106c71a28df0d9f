//! No trait but the given one: any store is a closure. And each key has a lock.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use futures::FutureExt;
use futures::future::BoxFuture;

/// Something that knows values, and takes its time to tell them.
pub trait Store: Send + Sync + 'static {
    fn get(&self, key: &str) -> impl Future<Output = Option<String>> + Send;
}

/// Gives the answer to a key.
type Ask = Box<dyn Fn(String) -> BoxFuture<'static, Option<String>> + Send + Sync>;

/// A store of any kind: a closure that asks it.
pub struct AnyStore(Ask);

impl AnyStore {
    /// Asks this store.
    pub fn new(store: impl Store) -> Self {
        let store = Arc::new(store);
        AnyStore::from_fn(move |key| {
            let store = store.clone();
            async move { store.get(&key).await }
        })
    }

    /// Calls this closure with the key, and awaits what it gives.
    pub fn from_fn<F, A>(ask: F) -> Self
    where
        F: Fn(String) -> A + Send + Sync + 'static,
        A: Future<Output = Option<String>> + Send + 'static,
    {
        AnyStore(Box::new(move |key| ask(key).boxed()))
    }
}

impl Store for AnyStore {
    async fn get(&self, key: &str) -> Option<String> {
        (self.0)(key.to_owned()).await
    }
}

/// Remembers the answers of another store. There is a lock for each key, and the answer
/// is in it once it is there.
pub struct Cached<S> {
    inner: S,
    answers: Mutex<HashMap<String, Arc<tokio::sync::Mutex<Option<Option<String>>>>>>,
}

impl<S: Store> Cached<S> {
    /// Knows nothing yet.
    pub fn new(inner: S) -> Self {
        Cached { inner, answers: Mutex::default() }
    }
}

impl<S: Store> Store for Cached<S> {
    async fn get(&self, key: &str) -> Option<String> {
        let entry = self.answers.lock().unwrap().entry(key.to_owned()).or_default().clone();
        let mut answer = entry.lock().await;
        if answer.is_none() {
            *answer = Some(self.inner.get(key).await);
        }
        answer.clone().flatten()
    }
}
