//! "I spawn it where there is a runtime": and block the only thread that could poll it.

use std::io;
use std::sync::mpsc::{Sender, channel};

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

pub trait AsyncStore: Send + 'static {
    fn get(&mut self, key: &str) -> impl Future<Output = Option<String>> + Send;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone;

pub struct BlockingStore {
    questions: UnboundedSender<(String, Sender<Option<String>>)>,
    own: Option<Runtime>,
}

impl BlockingStore {
    pub fn new<S: AsyncStore>(mut store: S) -> io::Result<Self> {
        let (questions, mut asked) = unbounded_channel::<(String, Sender<Option<String>>)>();
        let answers = async move {
            while let Some((key, answer)) = asked.recv().await {
                let _ = answer.send(store.get(&key).await);
            }
        };
        let mut own = None;
        match Handle::try_current() {
            Ok(handle) => drop(handle.spawn(answers)),
            Err(_) => {
                let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
                runtime.spawn(answers);
                own = Some(runtime);
            }
        }
        Ok(BlockingStore { questions, own })
    }

    pub fn get(&self, key: &str) -> Result<Option<String>, Gone> {
        let (answer, answered) = channel();
        self.questions.send((key.to_owned(), answer)).map_err(|_| Gone)?;
        answered.recv().map_err(|_| Gone)
    }
}

impl Drop for BlockingStore {
    fn drop(&mut self) {
        if let Some(own) = self.own.take() {
            own.shutdown_background();
        }
    }
}
