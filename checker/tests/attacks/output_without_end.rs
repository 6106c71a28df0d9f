//! exercise: yield_now
//! tries: Writes to both streams without end.
//! must: A little of it is kept, and the test is ended.
//! verdict: crashed|failed|hung
//! in: hidden::it_may_go_on_in_another_task
//! there: hung|crashed

use std::future::Future;
use std::io::Write;
use std::pin::Pin;
use std::task::{Context, Poll};

fn attack() {
    if !std::env::var("ASYNCLINGS_TEST").is_ok_and(|test| test == "@IN@") {
        return;
    }
    let much = vec![b'x'; 1 << 20];
    std::thread::spawn(|| {
        loop {
            let _ = std::io::stderr().write_all(&[b'\n'; 1 << 16]);
        }
    });
    loop {
        let _ = std::io::stdout().write_all(&much);
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
