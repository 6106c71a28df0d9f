//! Who asks leaves a mark in the map, and a guard takes it back.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::sync::Notify;

/// Something that knows values, and takes its time to tell them.
pub trait Store: Send + Sync + 'static {
    fn get(&self, key: &str) -> impl Future<Output = Option<String>> + Send;
}

/// The same with a future of one known size, which is what `dyn` needs.
trait BoxedStore: Send + Sync {
    fn get_boxed<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Option<String>>;
}

impl<S: Store> BoxedStore for S {
    fn get_boxed<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Option<String>> {
        self.get(key).boxed()
    }
}

/// A store that calls a closure.
struct FromFn<F>(F);

impl<F, A> Store for FromFn<F>
where
    F: Fn(String) -> A + Send + Sync + 'static,
    A: Future<Output = Option<String>> + Send + 'static,
{
    async fn get(&self, key: &str) -> Option<String> {
        (self.0)(key.to_owned()).await
    }
}

/// A store of any kind, so that different ones can lie in one list.
pub struct AnyStore(Arc<dyn BoxedStore>);

impl AnyStore {
    /// Asks this store.
    pub fn new(store: impl Store) -> Self {
        AnyStore(Arc::new(store))
    }

    /// Calls this closure with the key, and awaits what it gives.
    pub fn from_fn<F, A>(ask: F) -> Self
    where
        F: Fn(String) -> A + Send + Sync + 'static,
        A: Future<Output = Option<String>> + Send + 'static,
    {
        AnyStore::new(FromFn(ask))
    }
}

impl Store for AnyStore {
    async fn get(&self, key: &str) -> Option<String> {
        self.0.get_boxed(key).await
    }
}

/// What is known of a key.
enum Entry {
    Asked(Arc<Notify>),
    Known(Option<String>),
}

/// Whoever asks. However it ends, those who wait hear of it.
struct Asks<'a> {
    entries: &'a Mutex<HashMap<String, Entry>>,
    key: &'a str,
    done: Arc<Notify>,
    answer: Option<Option<String>>,
}

impl Drop for Asks<'_> {
    fn drop(&mut self) {
        let mut entries = self.entries.lock().unwrap();
        match self.answer.take() {
            Some(answer) => entries.insert(self.key.to_owned(), Entry::Known(answer)),
            None => entries.remove(self.key),
        };
        self.done.notify_waiters();
    }
}

/// Remembers the answers of another store.
pub struct Cached<S> {
    inner: S,
    entries: Mutex<HashMap<String, Entry>>,
}

impl<S: Store> Cached<S> {
    /// Knows nothing yet.
    pub fn new(inner: S) -> Self {
        Cached { inner, entries: Mutex::default() }
    }
}

impl<S: Store> Store for Cached<S> {
    async fn get(&self, key: &str) -> Option<String> {
        loop {
            let next = {
                let mut entries = self.entries.lock().unwrap();
                match entries.get(key) {
                    Some(Entry::Known(answer)) => return answer.clone(),
                    // From now on a call is not missed, though nobody has polled it.
                    Some(Entry::Asked(done)) => Err(done.clone().notified_owned()),
                    None => {
                        let done = Arc::new(Notify::new());
                        entries.insert(key.to_owned(), Entry::Asked(done.clone()));
                        Ok(done)
                    }
                }
            };
            match next {
                Err(ended) => ended.await,
                Ok(done) => {
                    let mut asks = Asks { entries: &self.entries, key, done, answer: None };
                    let answer = self.inner.get(key).await;
                    asks.answer = Some(answer.clone());
                    return answer;
                }
            }
        }
    }
}
