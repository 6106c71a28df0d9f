//! "One channel there, one channel back": and whoever reads first takes what is there.

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};
use std::{io, thread};

use tokio::runtime::Builder;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

pub trait AsyncStore: Send + 'static {
    fn get(&mut self, key: &str) -> impl Future<Output = Option<String>> + Send;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone;

pub struct BlockingStore {
    questions: UnboundedSender<String>,
    answers: Mutex<Receiver<Option<String>>>,
}

impl BlockingStore {
    pub fn new<S: AsyncStore>(mut store: S) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let (questions, mut asked) = unbounded_channel::<String>();
        let (answer, answers) = channel();
        thread::spawn(move || {
            runtime.block_on(async move {
                while let Some(key) = asked.recv().await {
                    let _ = answer.send(store.get(&key).await);
                }
            });
        });
        Ok(BlockingStore { questions, answers: Mutex::new(answers) })
    }

    pub fn get(&self, key: &str) -> Result<Option<String>, Gone> {
        self.questions.send(key.to_owned()).map_err(|_| Gone)?;
        let answers = self.answers.lock().map_err(|_| Gone)?;
        answers.recv().map_err(|_| Gone)
    }
}
