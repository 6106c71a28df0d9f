//! A runtime that has threads itself; one more waits for the end of its task.

use std::sync::mpsc::{Sender, channel};
use std::{io, thread};

use tokio::runtime::Builder;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

pub trait AsyncStore: Send + 'static {
    fn get(&mut self, key: &str) -> impl Future<Output = Option<String>> + Send;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone;

pub struct BlockingStore {
    questions: UnboundedSender<(String, Sender<Option<String>>)>,
}

impl BlockingStore {
    pub fn new<S: AsyncStore>(mut store: S) -> io::Result<Self> {
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let (questions, mut asked) = unbounded_channel::<(String, Sender<Option<String>>)>();
        let task = runtime.spawn(async move {
            while let Some((key, answer)) = asked.recv().await {
                let _ = answer.send(store.get(&key).await);
            }
        });
        // However the task ends, the runtime is dropped there, by a thread that may block.
        thread::spawn(move || drop(runtime.block_on(task)));
        Ok(BlockingStore { questions })
    }

    pub fn get(&self, key: &str) -> Result<Option<String>, Gone> {
        let (answer, answered) = channel();
        self.questions.send((key.to_owned(), answer)).map_err(|_| Gone)?;
        answered.recv().map_err(|_| Gone)
    }
}
