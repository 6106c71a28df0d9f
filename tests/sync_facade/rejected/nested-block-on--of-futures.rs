//! "The `block_on` of futures is no runtime": but its thread may not drive anything already.

use std::{io, thread};

use futures::StreamExt;
use futures::channel::{mpsc, oneshot};
use futures::executor::block_on;
use tokio::runtime::Builder;

pub trait AsyncStore: Send + 'static {
    fn get(&mut self, key: &str) -> impl Future<Output = Option<String>> + Send;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone;

type Question = (String, oneshot::Sender<Option<String>>);

pub struct BlockingStore {
    questions: mpsc::UnboundedSender<Question>,
}

impl BlockingStore {
    pub fn new<S: AsyncStore>(mut store: S) -> io::Result<Self> {
        let (questions, mut asked) = mpsc::unbounded::<Question>();
        let (begun, has_begun) = std::sync::mpsc::channel();
        thread::spawn(move || {
            let runtime = match Builder::new_current_thread().enable_all().build() {
                Ok(runtime) => runtime,
                Err(error) => return drop(begun.send(Err(error))),
            };
            let _ = begun.send(Ok(()));
            runtime.block_on(async move {
                while let Some((key, answer)) = asked.next().await {
                    let _ = answer.send(store.get(&key).await);
                }
            });
        });
        has_begun.recv().map_err(io::Error::other)??;
        Ok(BlockingStore { questions })
    }

    pub fn get(&self, key: &str) -> Result<Option<String>, Gone> {
        let (answer, answered) = oneshot::channel();
        self.questions.unbounded_send((key.to_owned(), answer)).map_err(|_| Gone)?;
        block_on(answered).map_err(|_| Gone)
    }
}
