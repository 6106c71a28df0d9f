//! "`block_in_place` makes it all right to block": on a runtime with one thread it panics.

use std::io;
use std::sync::mpsc;
use std::thread;

use tokio::runtime::Builder;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

/// Something that async code can be asked. Leave this one as it is.
pub trait AsyncStore: Send + 'static {
    /// What there is for this key.
    fn get(&mut self, key: &str) -> impl Future<Output = Option<String>> + Send;
}

/// The store has panicked and is no more. Leave this one as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone;

/// A key, and where the answer goes. With the question goes the only sender: if it
/// is lost, whoever waits hears of that, too.
struct Question {
    key: String,
    answer: mpsc::Sender<Option<String>>,
}

/// A store for ordinary code. Threads may share it.
///
/// The store is driven by a runtime of its own, which has timers. What the store
/// has spawned there goes on also while nobody asks for anything. A thread that
/// has to wait sleeps, on either side.
///
/// When this is dropped, so is the store, and the threads of its runtime end. The
/// same happens when the store panics, although this is still there.
pub struct BlockingStore {
    // The only one. Without it there are no more questions, and the thread's loop
    // ends, and all that it owns.
    questions: UnboundedSender<Question>,
}

impl BlockingStore {
    /// Takes the store in. Like all the rest, it may be called by any thread, also
    /// where no runtime is, and also by one that drives tasks.
    pub fn new<S: AsyncStore>(mut store: S) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let (questions, mut asked) = unbounded_channel::<Question>();
        thread::Builder::new().name("store".to_owned()).spawn(move || {
            runtime.block_on(async move {
                // An await, and so the tasks of the store have their turns meanwhile.
                while let Some(Question { key, answer }) = asked.recv().await {
                    let value = store.get(&key).await;
                    // An error says that nobody waits any more. That is fine.
                    let _ = answer.send(value);
                }
            });
        })?;
        Ok(BlockingStore { questions })
    }

    /// What the store has for this key. Until that is known, the thread that calls
    /// is blocked.
    ///
    /// If several threads ask at the same time, the store gets one question after
    /// the other, and each thread gets the answer to its own. If the store panics,
    /// all who wait get [`Gone`], and so does everybody who asks later.
    pub fn get(&self, key: &str) -> Result<Option<String>, Gone> {
        let (answer, answered) = mpsc::channel();
        let question = Question { key: key.to_owned(), answer };
        self.questions.send(question).map_err(|_| Gone)?;
        // Not Tokio's `blocking_recv`: that one refuses to block a thread that
        // drives tasks.
        if tokio::runtime::Handle::try_current().is_ok() {
            return tokio::task::block_in_place(|| answered.recv().map_err(|_| Gone));
        }
        answered.recv().map_err(|_| Gone)
    }
}
