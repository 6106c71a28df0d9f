//! The timer of the async book: a thread that sleeps, and then wakes the task.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use tokio::time::sleep;

pub async fn pause(name: &str, secs: u64) {
    let _span = kit::span(name); // draws a bar in the timeline of your verdict
    sleep(Duration::from_secs(secs)).await;
}

#[derive(Default)]
struct Shared {
    is_over: bool,
    waker: Option<Waker>,
}

/// Ends when a thread has slept.
struct Timer {
    length: Duration,
    shared: Option<Arc<Mutex<Shared>>>,
}

impl Future for Timer {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let length = self.length;
        let shared = self.shared.get_or_insert_with(|| {
            let shared = Arc::new(Mutex::new(Shared::default()));
            let ours = shared.clone();
            thread::spawn(move || {
                thread::sleep(length);
                let mut shared = ours.lock().unwrap();
                shared.is_over = true;
                if let Some(waker) = shared.waker.take() {
                    waker.wake();
                }
            });
            shared
        });
        let mut shared = shared.lock().unwrap();
        if shared.is_over {
            return Poll::Ready(());
        }
        shared.waker = Some(cx.waker().clone());
        Poll::Pending
    }
}

pub async fn basic() -> &'static str {
    Timer { length: Duration::from_secs(1), shared: None }.await;
    "done"
}

pub async fn chained() -> String {
    format!("result: {}", basic().await)
}

pub async fn concurrent() -> (&'static str, String, ()) {
    tokio::join!(basic(), chained(), pause("pause", 2))
}

pub async fn conditional(wait: bool) -> &'static str {
    if wait {
        pause("conditional", 1).await;
        return "after a wait";
    }
    "at once"
}
