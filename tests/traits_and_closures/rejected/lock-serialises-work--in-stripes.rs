//! Many locks, each for some of the keys, and held while the other store is asked.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::sync::Mutex;

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

/// Remembers the answers of another store, in many stripes, each with a lock of its own.
pub struct Cached<S> {
    inner: S,
    stripes: Vec<Mutex<HashMap<String, Option<String>>>>,
}

impl<S: Store> Cached<S> {
    /// Knows nothing yet.
    pub fn new(inner: S) -> Self {
        Cached { inner, stripes: (0..64).map(|_| Mutex::default()).collect() }
    }
}

impl<S: Store> Store for Cached<S> {
    async fn get(&self, key: &str) -> Option<String> {
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        let mut stripe = self.stripes[(hasher.finish() % 64) as usize].lock().await;
        if let Some(answer) = stripe.get(key) {
            return answer.clone();
        }
        let answer = self.inner.get(key).await;
        stripe.insert(key.to_owned(), answer.clone());
        answer
    }
}
