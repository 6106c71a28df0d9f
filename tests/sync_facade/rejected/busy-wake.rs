//! "Nothing there? Then the others may go, and I look again": and so it never sleeps.

use std::sync::mpsc::{Sender, TryRecvError, channel};
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
            runtime.block_on(async move {
                loop {
                    match asked.try_recv() {
                        Ok((key, answer)) => drop(answer.send(store.get(&key).await)),
                        Err(TryRecvError::Empty) => tokio::task::yield_now().await,
                        Err(TryRecvError::Disconnected) => break,
                    }
                }
            });
        });
        Ok(BlockingStore { questions })
    }

    pub fn get(&self, key: &str) -> Result<Option<String>, Gone> {
        let (answer, answered) = channel();
        self.questions.send((key.to_owned(), answer)).map_err(|_| Gone)?;
        answered.recv().map_err(|_| Gone)
    }
}
