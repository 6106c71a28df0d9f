//! "Whoever leaves takes back the mark." Also the mark of somebody else.

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
    Asked(Arc<Notify>),
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

/// A question under way. If it is dropped, the mark is taken back, and somebody else asks.
struct Question<'a, S> {
    cached: &'a Cached<S>,
    key: &'a str,
    done: bool,
}

impl<S> Drop for Question<'_, S> {
    fn drop(&mut self) {
        if self.done {
            return;
        }
        let mut entries = self.cached.entries.lock().unwrap();
        if let Some(Entry::Asked(changed)) = entries.get(self.key) {
            changed.notify_waiters();
            entries.remove(self.key);
        }
    }
}

impl<S: Store> Store for Cached<S> {
    async fn get(&self, key: &str) -> Option<String> {
        let mut question = Question { cached: self, key, done: false };
        loop {
            let changed = {
                let mut entries = self.entries.lock().unwrap();
                match entries.get(key) {
                    Some(Entry::Known(answer)) => {
                        question.done = true;
                        return answer.clone();
                    }
                    Some(Entry::Asked(changed)) => changed.clone().notified_owned(),
                    None => {
                        entries.insert(key.to_owned(), Entry::Asked(Arc::default()));
                        break;
                    }
                }
            };
            changed.await;
        }
        let answer = self.inner.get(key).await;
        question.done = true;
        let known = Entry::Known(answer.clone());
        let asked = self.entries.lock().unwrap().insert(key.to_owned(), known);
        if let Some(Entry::Asked(changed)) = asked {
            changed.notify_waiters();
        }
        answer
    }
}
