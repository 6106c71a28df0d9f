//! traits_and_closures: one interface, and many who answer.
//!
//! You know this from asyncio:
//!
//!     class Store(Protocol):
//!         async def get(self, key): ...
//!
//!     stores = [Disk(), Service(url), FromFunction(ask)]      # of any kind
//!     fast = Cached(stores[1])                                # itself a store
//!
//! A coroutine is an object on the heap, so Python keeps one like the other. In Rust
//! each implementation of an async method gives a future of a type of its own. Two
//! questions come from that. What may code rely on that knows the trait, and not the
//! type? And how much room does a future need if nobody knows which one it is?

/// Something that knows values, and takes its time to tell them.
///
/// - Tasks of the runtime may ask any store, also in code that is generic over stores.
///   Does the trait promise what is needed for that?
/// - Whoever implements it writes `async fn get`, as below.
pub trait Store: Send + Sync + 'static {
    /// The value of `key`, if there is one.
    async fn get(&self, key: &str) -> Option<String>;
}

/// A store of any kind, so that different ones can lie in one list.
///
/// It hands on each question, and the answer. It keeps nothing, and nobody who asks
/// waits for anybody else. If a question is dropped, so is the one it was handed on as.
pub struct AnyStore {
    // Your fields. A new trait is fine as well.
}

impl AnyStore {
    /// Asks this store.
    pub fn new(store: impl Store) -> Self {
        let _ = store;
        AnyStore {}
    }

    /// Calls this closure with the key, and awaits what it gives. No store is needed.
    pub fn from_fn<F, A>(ask: F) -> Self
    where
        F: Fn(String) -> A + Send + Sync + 'static,
        A: Future<Output = Option<String>> + Send + 'static,
    {
        let _ = ask;
        AnyStore {}
    }
}

impl Store for AnyStore {
    async fn get(&self, key: &str) -> Option<String> {
        let _ = key;
        todo!("hand the question on")
    }
}

/// Remembers the answers of another store, and is itself a store.
///
/// - The other one is asked once for each key, whatever it answers, be it None. Who asks
///   while that is under way waits for the same answer.
/// - Who asks for one key does not wait for another key. The other store may even ask
///   back: a value may depend on that of another key.
/// - Each question may be dropped, at any time, also the one that made this ask the other
///   store. Whoever waits for the same key gets the answer all the same.
pub struct Cached<S> {
    inner: S,
    // Your fields.
}

impl<S: Store> Cached<S> {
    /// Knows nothing yet.
    pub fn new(inner: S) -> Self {
        Cached { inner }
    }
}

impl<S: Store> Store for Cached<S> {
    async fn get(&self, key: &str) -> Option<String> {
        let _ = (key, &self.inner);
        todo!("ask once, and remember")
    }
}
