//! The states by name, in a struct that may not move while it is polled.

use std::future::Future;
use std::marker::PhantomPinned;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

pub fn yield_now() -> YieldNow {
    YieldNow { stage: Stage::Created, pinned: PhantomPinned }
}

pin_project! {
    pub struct YieldNow {
        stage: Stage,
        #[pin]
        pinned: PhantomPinned,
    }
}

#[derive(Clone, Copy)]
enum Stage {
    Created,
    Waiting,
    Over,
}

impl Future for YieldNow {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let stage = self.project().stage;
        match *stage {
            Stage::Created => {
                // The waker first, the state after it: the order makes no difference,
                // since nobody can poll this future while it is being polled.
                cx.waker().wake_by_ref();
                *stage = Stage::Waiting;
                Poll::Pending
            }
            Stage::Waiting => {
                *stage = Stage::Over;
                Poll::Ready(())
            }
            Stage::Over => panic!("polled after it was Ready"),
        }
    }
}
