//! "The runtime is a field, so it ends with me": to drop it is to wait for it.

use std::io;
use std::sync::mpsc::{Sender, channel};

use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

pub trait AsyncStore: Send + 'static {
    fn get(&mut self, key: &str) -> impl Future<Output = Option<String>> + Send;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone;

pub struct BlockingStore {
    questions: UnboundedSender<(String, Sender<Option<String>>)>,
    _runtime: Runtime,
}

impl BlockingStore {
    pub fn new<S: AsyncStore>(mut store: S) -> io::Result<Self> {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let (questions, mut asked) = unbounded_channel::<(String, Sender<Option<String>>)>();
        runtime.spawn(async move {
            while let Some((key, answer)) = asked.recv().await {
                let _ = answer.send(store.get(&key).await);
            }
        });
        Ok(BlockingStore { questions, _runtime: runtime })
    }

    pub fn get(&self, key: &str) -> Result<Option<String>, Gone> {
        let (answer, answered) = channel();
        self.questions.send((key.to_owned(), answer)).map_err(|_| Gone)?;
        answered.recv().map_err(|_| Gone)
    }
}
