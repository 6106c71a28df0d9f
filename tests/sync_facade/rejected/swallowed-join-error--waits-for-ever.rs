//! "The answer will be put there": not by a thread that is no more.

use std::sync::{Arc, Condvar, Mutex};
use std::{io, thread};

use tokio::runtime::Builder;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

pub trait AsyncStore: Send + 'static {
    fn get(&mut self, key: &str) -> impl Future<Output = Option<String>> + Send;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone;

#[derive(Default)]
struct Slot {
    value: Mutex<Option<Option<String>>>,
    filled: Condvar,
}

pub struct BlockingStore {
    questions: UnboundedSender<(String, Arc<Slot>)>,
}

impl BlockingStore {
    pub fn new<S: AsyncStore>(mut store: S) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let (questions, mut asked) = unbounded_channel::<(String, Arc<Slot>)>();
        thread::spawn(move || {
            runtime.block_on(async move {
                while let Some((key, slot)) = asked.recv().await {
                    let value = store.get(&key).await;
                    *slot.value.lock().unwrap() = Some(value);
                    slot.filled.notify_one();
                }
            });
        });
        Ok(BlockingStore { questions })
    }

    pub fn get(&self, key: &str) -> Result<Option<String>, Gone> {
        let slot = Arc::new(Slot::default());
        self.questions.send((key.to_owned(), slot.clone())).map_err(|_| Gone)?;
        let value = slot.value.lock().unwrap();
        let mut value = slot.filled.wait_while(value, |value| value.is_none()).unwrap();
        value.take().ok_or(Gone)
    }
}
