//! "A runtime of its own, and `block_on`": fine, until somebody calls who is inside of one.

use std::io;
use std::sync::Mutex;

use tokio::runtime::Builder;

pub trait AsyncStore: Send + 'static {
    fn get(&mut self, key: &str) -> impl Future<Output = Option<String>> + Send;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone;

type Ask = Box<dyn FnMut(&str) -> Option<String> + Send>;

pub struct BlockingStore {
    ask: Mutex<Ask>,
}

impl BlockingStore {
    pub fn new<S: AsyncStore>(mut store: S) -> io::Result<Self> {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let ask: Ask = Box::new(move |key| runtime.block_on(store.get(key)));
        Ok(BlockingStore { ask: Mutex::new(ask) })
    }

    pub fn get(&self, key: &str) -> Result<Option<String>, Gone> {
        let mut ask = self.ask.lock().map_err(|_| Gone)?;
        Ok(ask(key))
    }
}
