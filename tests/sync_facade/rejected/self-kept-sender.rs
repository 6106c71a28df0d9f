//! "A question that cannot be answered yet is asked once more": by a sender that keeps the channel open for good.

use std::sync::mpsc::{Sender, channel};
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
        let again = questions.clone();
        thread::spawn(move || {
            runtime.block_on(async move {
                while let Some((key, answer)) = asked.recv().await {
                    if key.is_empty() {
                        let _ = again.send((key, answer));
                        continue;
                    }
                    let _ = answer.send(store.get(&key).await);
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
