//! "I drive the store when there is a question": and nobody drives its tasks when there is none.

use std::sync::mpsc::{Sender, channel};
use std::{io, thread};

use tokio::runtime::Builder;

pub trait AsyncStore: Send + 'static {
    fn get(&mut self, key: &str) -> impl Future<Output = Option<String>> + Send;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone;

pub struct BlockingStore {
    questions: Sender<(String, Sender<Option<String>>)>,
}

impl BlockingStore {
    pub fn new<S: AsyncStore>(mut store: S) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let (questions, asked) = channel::<(String, Sender<Option<String>>)>();
        thread::spawn(move || {
            for (key, answer) in asked {
                let _ = answer.send(runtime.block_on(store.get(&key)));
            }
        });
        Ok(BlockingStore { questions })
    }

    pub fn get(&self, key: &str) -> Result<Option<String>, Gone> {
        let (answer, answered) = channel();
        self.questions.send((key.to_owned(), answer)).map_err(|_| Gone)?;
        answered.recv().map_err(|_| Gone)
    }
}
