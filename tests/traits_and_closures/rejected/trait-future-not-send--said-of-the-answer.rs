//! What is promised is that the answer is `Send`, not that the future is.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use futures::FutureExt;
use futures::future::LocalBoxFuture;
use tokio::sync::OnceCell;

/// Something that knows values, and takes its time to tell them.
pub trait Store: Send + Sync + 'static {
    #[allow(async_fn_in_trait)]
    async fn get(&self, key: &str) -> Option<String>
    where
        Option<String>: Send;
}

/// The same with a future of one known size, which is what `dyn` needs.
trait BoxedStore: Send + Sync {
    fn get_boxed<'a>(&'a self, key: &'a str) -> LocalBoxFuture<'a, Option<String>>;
}

impl<S: Store> BoxedStore for S {
    fn get_boxed<'a>(&'a self, key: &'a str) -> LocalBoxFuture<'a, Option<String>> {
        self.get(key).boxed_local()
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

/// An answer that is there, or will be. If the one who fetches it is dropped, the next
/// in line fetches it.
type Answer = Arc<OnceCell<Option<String>>>;

/// Remembers the answers of another store.
pub struct Cached<S> {
    inner: S,
    answers: Mutex<HashMap<String, Answer>>,
}

impl<S: Store> Cached<S> {
    /// Knows nothing yet.
    pub fn new(inner: S) -> Self {
        Cached { inner, answers: Mutex::default() }
    }

    fn answer(&self, key: &str) -> Answer {
        // Locked as long as this takes, not as long as the other store does.
        self.answers.lock().unwrap().entry(key.to_owned()).or_default().clone()
    }
}

impl<S: Store> Store for Cached<S> {
    async fn get(&self, key: &str) -> Option<String> {
        let answer = self.answer(key);
        answer.get_or_init(|| self.inner.get(key)).await.clone()
    }
}
