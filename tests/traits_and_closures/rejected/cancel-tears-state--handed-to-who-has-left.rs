//! Whoever leaves tells the next in line to take over. That one may leave before it hears it.

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::sync::oneshot;

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
    /// Somebody asks. Whoever leaves tells the next in line to take over.
    Asked(VecDeque<oneshot::Sender<()>>),
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

/// Somebody who asks the other store. If it leaves, the next in line takes over.
struct Asks<'a, S> {
    cached: &'a Cached<S>,
    key: &'a str,
    done: bool,
}

impl<S> Drop for Asks<'_, S> {
    fn drop(&mut self) {
        if self.done {
            return;
        }
        let mut entries = self.cached.entries.lock().unwrap();
        if let Some(Entry::Asked(line)) = entries.get_mut(self.key) {
            while let Some(next) = line.pop_front() {
                if next.send(()).is_ok() {
                    return;
                }
            }
        }
        entries.remove(self.key);
    }
}

impl<S: Store> Store for Cached<S> {
    async fn get(&self, key: &str) -> Option<String> {
        loop {
            let turn = {
                let mut entries = self.entries.lock().unwrap();
                match entries.get_mut(key) {
                    Some(Entry::Known(answer)) => return answer.clone(),
                    Some(Entry::Asked(line)) => {
                        let (sender, turn) = oneshot::channel();
                        line.push_back(sender);
                        Some(turn)
                    }
                    None => {
                        entries.insert(key.to_owned(), Entry::Asked(VecDeque::new()));
                        None
                    }
                }
            };
            if let Some(turn) = turn
                && turn.await.is_err()
            {
                // The line was let go: the answer is there.
                continue;
            }
            let mut asks = Asks { cached: self, key, done: false };
            let answer = self.inner.get(key).await;
            asks.done = true;
            self.entries.lock().unwrap().insert(key.to_owned(), Entry::Known(answer.clone()));
            return answer;
        }
    }
}
