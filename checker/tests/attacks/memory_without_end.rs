//! exercise: yield_now
//! tries: Takes memory and never gives it back.
//! must: The limit on memory ends the test.
//! verdict: crashed|failed
//! in: hidden::it_may_go_on_in_another_task
//! there: crashed

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

fn attack() {
    if !std::env::var("ASYNCLINGS_TEST").is_ok_and(|test| test == "@IN@") {
        return;
    }
    let mut taken = Vec::new();
    for n in 0.. {
        let piece = vec![n as u8; 16 << 20];
        if n > 128 {
            println!("BREACH two GiB");
        }
        taken.push(piece.leak());
    }
}

pub struct YieldNow;

pub fn yield_now() -> YieldNow {
    YieldNow
}

impl Future for YieldNow {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        attack();
        Poll::Ready(())
    }
}
