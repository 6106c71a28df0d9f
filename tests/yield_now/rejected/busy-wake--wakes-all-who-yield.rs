//! All who gave way stand in a list; each new one wakes them all.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

pub fn yield_now() -> YieldNow {
    YieldNow { done: false }
}

pub struct YieldNow {
    done: bool,
}

impl Future for YieldNow {
    type Output = ();
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        static ALL: std::sync::Mutex<Vec<std::task::Waker>> = std::sync::Mutex::new(Vec::new());
        if self.done {
            return Poll::Ready(());
        }
        self.done = true;
        let mut all = ALL.lock().unwrap();
        if !all.iter().any(|w| w.will_wake(cx.waker())) {
            all.push(cx.waker().clone());
        }
        all.iter().for_each(|w| w.wake_by_ref());
        Poll::Pending
    }
}
