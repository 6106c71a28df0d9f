//! One channel there and one back: whoever asks holds a lock until the answer is there. The thread is waited for.

use std::io;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};
use std::thread::{self, JoinHandle};

use tokio::runtime::Builder;
use tokio::sync::mpsc::{Sender, channel as async_channel};

pub trait AsyncStore: Send + 'static {
    fn get(&mut self, key: &str) -> impl Future<Output = Option<String>> + Send;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone;

pub struct BlockingStore {
    line: Mutex<Option<(Sender<String>, Receiver<Option<String>>)>>,
    thread: Option<JoinHandle<()>>,
}

impl BlockingStore {
    pub fn new<S: AsyncStore>(mut store: S) -> io::Result<Self> {
        let (question, mut asked) = async_channel::<String>(1);
        let (answer, answers) = channel();
        let runtime = Builder::new_current_thread().enable_time().build()?;
        let thread = thread::spawn(move || {
            runtime.block_on(async move {
                while let Some(key) = asked.recv().await {
                    if answer.send(store.get(&key).await).is_err() {
                        break;
                    }
                }
            });
        });
        let line = Mutex::new(Some((question, answers)));
        Ok(BlockingStore { line, thread: Some(thread) })
    }

    pub fn get(&self, key: &str) -> Result<Option<String>, Gone> {
        let line = self.line.lock().map_err(|_| Gone)?;
        let (question, answers) = line.as_ref().ok_or(Gone)?;
        question.try_send(key.to_owned()).map_err(|_| Gone)?;
        answers.recv().map_err(|_| Gone)
    }
}

impl Drop for BlockingStore {
    fn drop(&mut self) {
        drop(self.line.lock().map(|mut line| line.take()));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
