//! "There is a runtime already, so I use that one": its thread is the one that waits.

use std::io;
use std::sync::Mutex;

use tokio::runtime::{Builder, Handle, Runtime};

pub trait AsyncStore: Send + 'static {
    fn get(&mut self, key: &str) -> impl Future<Output = Option<String>> + Send;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone;

type Ask = Box<dyn FnMut(&str) -> Option<String> + Send>;

pub struct BlockingStore {
    ask: Mutex<Ask>,
    _own: Option<Runtime>,
}

impl BlockingStore {
    pub fn new<S: AsyncStore>(mut store: S) -> io::Result<Self> {
        let (handle, own) = match Handle::try_current() {
            Ok(handle) => (handle, None),
            Err(_) => {
                let own = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
                (own.handle().clone(), Some(own))
            }
        };
        let ask: Ask = Box::new(move |key| handle.block_on(store.get(key)));
        Ok(BlockingStore { ask: Mutex::new(ask), _own: own })
    }

    pub fn get(&self, key: &str) -> Result<Option<String>, Gone> {
        let mut ask = self.ask.lock().map_err(|_| Gone)?;
        Ok(ask(key))
    }
}
