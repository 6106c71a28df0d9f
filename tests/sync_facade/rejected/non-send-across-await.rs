//! "The caller is one thread": not if it is shared.

use std::cell::RefCell;
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
    answers: RefCell<Receiver<Option<String>>>,
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
        Ok(BlockingStore { questions, answers: RefCell::new(answers) })
    }

    pub fn get(&self, key: &str) -> Result<Option<String>, Gone> {
        self.questions.send(key.to_owned()).map_err(|_| Gone)?;
        self.answers.borrow().recv().map_err(|_| Gone)
    }
}
