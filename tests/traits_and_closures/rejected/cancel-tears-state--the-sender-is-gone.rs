//! Who waits relies on the one who asks, and that one may be dropped.

use std::collections::HashMap;
use std::sync::Mutex;

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::sync::watch;

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

/// Remembers the answers of another store.
pub struct Cached<S> {
    inner: S,
    answers: Mutex<HashMap<String, watch::Receiver<Option<Option<String>>>>>,
}

impl<S: Store> Cached<S> {
    /// Knows nothing yet.
    pub fn new(inner: S) -> Self {
        Cached { inner, answers: Mutex::default() }
    }
}

impl<S: Store> Store for Cached<S> {
    async fn get(&self, key: &str) -> Option<String> {
        let (tell, answer) = watch::channel(None);
        let asked = {
            let mut answers = self.answers.lock().unwrap();
            let asked = answers.get(key).cloned();
            asked.or_else(|| answers.insert(key.to_owned(), answer))
        };
        match asked {
            Some(mut answer) => {
                let answer = answer.wait_for(Option::is_some).await;
                answer.expect("somebody asks").clone().expect("it was waited for")
            }
            None => {
                let answer = self.inner.get(key).await;
                tell.send_replace(Some(answer.clone()));
                answer
            }
        }
    }
}
