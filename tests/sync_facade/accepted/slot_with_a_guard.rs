//! A lock and a condition; a guard fills in what a panic leaves open.

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
    value: Mutex<Option<Result<Option<String>, Gone>>>,
    filled: Condvar,
}

struct Answer(Arc<Slot>);

impl Answer {
    fn give(&self, value: Result<Option<String>, Gone>) {
        self.0.value.lock().unwrap().get_or_insert(value);
        self.0.filled.notify_one();
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.give(Err(Gone));
    }
}

pub struct BlockingStore {
    questions: UnboundedSender<(String, Answer)>,
}

impl BlockingStore {
    pub fn new<S: AsyncStore>(mut store: S) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let (questions, mut asked) = unbounded_channel::<(String, Answer)>();
        thread::spawn(move || {
            let tasks = tokio::task::LocalSet::new();
            tasks.block_on(&runtime, async move {
                while let Some((key, answer)) = asked.recv().await {
                    answer.give(Ok(store.get(&key).await));
                }
            });
        });
        Ok(BlockingStore { questions })
    }

    pub fn get(&self, key: &str) -> Result<Option<String>, Gone> {
        let slot = Arc::new(Slot::default());
        self.questions.send((key.to_owned(), Answer(slot.clone()))).map_err(|_| Gone)?;
        let value = slot.value.lock().unwrap();
        let mut value = slot.filled.wait_while(value, |value| value.is_none()).unwrap();
        value.take().unwrap_or(Err(Gone))
    }
}
