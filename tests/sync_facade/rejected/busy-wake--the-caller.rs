//! "The caller looks whether the answer is there": a thousand times, while it should sleep.

use std::sync::mpsc::{Sender, TryRecvError, channel};
use std::{io, thread};

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
}

impl BlockingStore {
    pub fn new<S: AsyncStore>(mut store: S) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let (questions, mut asked) = unbounded_channel::<Question>();
        thread::spawn(move || {
            runtime.block_on(async move {
                while let Some((key, answer)) = asked.recv().await {
                    let _ = answer.send(store.get(&key).await);
                }
            });
        });
        Ok(BlockingStore { questions })
    }

    pub fn get(&self, key: &str) -> Result<Option<String>, Gone> {
        let (answer, answered) = channel();
        self.questions.send((key.to_owned(), answer)).map_err(|_| Gone)?;
        loop {
            match answered.try_recv() {
                Ok(value) => return Ok(value),
                Err(TryRecvError::Empty) => thread::yield_now(),
                Err(TryRecvError::Disconnected) => return Err(Gone),
            }
        }
    }
}
