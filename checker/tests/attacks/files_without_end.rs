//! exercise: yield_now
//! tries: Fills the scratch folder with data, and with a hundred thousand empty files.
//! must: The scratch folder is of a bounded size, and gone afterwards.
//! verdict: crashed|failed|hung
//! in: hidden::it_may_go_on_in_another_task
//! there: exited_early|crashed|failed|hung

use std::fs;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

fn attack() {
    if !std::env::var("ASYNCLINGS_TEST").is_ok_and(|test| test == "@IN@") {
        return;
    }
    let piece = vec![1_u8; 8 << 20];
    let mut written = 0;
    for n in 0..64 {
        written += usize::from(fs::write(format!("/tmp/data{n}"), &piece).is_ok());
    }
    let made = (0..100_000).take_while(|n| fs::File::create(format!("/tmp/empty{n}")).is_ok());
    let made = made.count();
    if written > 16 || made > 50_000 {
        println!("BREACH {written} pieces and {made} files");
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
