//! "Drop waits for the thread": which waits for the last sender, a field that is dropped after this.

use std::io;
use std::sync::mpsc::{Sender, channel};
use std::thread::{self, JoinHandle};

use tokio::runtime::Builder;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

pub trait AsyncStore: Send + 'static {
    fn get(&mut self, key: &str) -> impl Future<Output = Option<String>> + Send;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone;

type Question = (String, Sender<Option<String>>);

pub struct BlockingStore {
    questions: UnboundedSender<Question>,
    thread: Option<JoinHandle<()>>,
}

impl BlockingStore {
    pub fn new<S: AsyncStore>(mut store: S) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let (questions, mut asked) = unbounded_channel::<Question>();
        let thread = thread::spawn(move || {
            runtime.block_on(async move {
                while let Some((key, answer)) = asked.recv().await {
                    let _ = answer.send(store.get(&key).await);
                }
            });
        });
        Ok(BlockingStore { questions, thread: Some(thread) })
    }

    pub fn get(&self, key: &str) -> Result<Option<String>, Gone> {
        let (answer, answered) = channel();
        self.questions.send((key.to_owned(), answer)).map_err(|_| Gone)?;
        answered.recv().map_err(|_| Gone)
    }
}

impl Drop for BlockingStore {
    fn drop(&mut self) {
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
