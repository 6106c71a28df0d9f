//! Whoever waits for somebody else's question looks again and again.

use std::collections::HashMap;
use std::sync::Mutex;

use futures::FutureExt;
use futures::future::BoxFuture;

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
pub struct AnyStore(Box<dyn BoxedStore>);

impl AnyStore {
    /// Asks this store.
    pub fn new(store: impl Store) -> Self {
        AnyStore(Box::new(store))
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
#[derive(Clone)]
enum Entry {
    Asked,
    Known(Option<String>),
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
            let entry = self.entries.lock().unwrap().get(key).cloned();
            match entry {
                Some(Entry::Known(answer)) => return answer,
                Some(Entry::Asked) => tokio::task::yield_now().await,
                None => {
                    self.entries.lock().unwrap().insert(key.to_owned(), Entry::Asked);
                    let answer = self.inner.get(key).await;
                    let known = Entry::Known(answer.clone());
                    self.entries.lock().unwrap().insert(key.to_owned(), known);
                    return answer;
                }
            }
        }
    }
}
