//! Who waits leaves a waker. When the answer is there, the last one is woken.

use std::collections::HashMap;
use std::future::poll_fn;
use std::sync::Mutex;
use std::task::{Poll, Waker};

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

enum Entry {
    Known(Option<String>),
    /// Somebody asks. These wait.
    Asked(Vec<Waker>),
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

/// Somebody who asks the other store. If it leaves, those who wait look again.
struct Asks<'a, S> {
    cached: &'a Cached<S>,
    key: &'a str,
}

impl<S> Drop for Asks<'_, S> {
    fn drop(&mut self) {
        let mut entries = self.cached.entries.lock().unwrap();
        if let Some(Entry::Asked(_)) = entries.get(self.key)
            && let Some(Entry::Asked(waiting)) = entries.remove(self.key)
        {
            waiting.into_iter().for_each(Waker::wake);
        }
    }
}

impl<S: Store> Store for Cached<S> {
    async fn get(&self, key: &str) -> Option<String> {
        let known = poll_fn(|cx| {
            let mut entries = self.entries.lock().unwrap();
            match entries.get_mut(key) {
                Some(Entry::Known(answer)) => Poll::Ready(Some(answer.clone())),
                Some(Entry::Asked(waiting)) => {
                    waiting.push(cx.waker().clone());
                    Poll::Pending
                }
                None => {
                    entries.insert(key.to_owned(), Entry::Asked(Vec::new()));
                    Poll::Ready(None)
                }
            }
        });
        if let Some(answer) = known.await {
            return answer;
        }
        let _asks = Asks { cached: self, key };
        let answer = self.inner.get(key).await;
        let known = Entry::Known(answer.clone());
        let waited = self.entries.lock().unwrap().insert(key.to_owned(), known);
        if let Some(Entry::Asked(mut waiting)) = waited
            && let Some(last) = waiting.pop()
        {
            last.wake();
        }
        answer
    }
}
