//! "Tokio has `blocking_recv` for that": it is for threads that drive no tasks, and panics on others.

use std::{io, thread};

use tokio::runtime::Builder;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;

pub trait AsyncStore: Send + 'static {
    fn get(&mut self, key: &str) -> impl Future<Output = Option<String>> + Send;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone;

pub struct BlockingStore {
    questions: UnboundedSender<(String, oneshot::Sender<Option<String>>)>,
}

impl BlockingStore {
    pub fn new<S: AsyncStore>(mut store: S) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let (questions, mut asked) =
            unbounded_channel::<(String, oneshot::Sender<Option<String>>)>();
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
        let (answer, answered) = oneshot::channel();
        self.questions.send((key.to_owned(), answer)).map_err(|_| Gone)?;
        answered.blocking_recv().map_err(|_| Gone)
    }
}
