//! exercise: yield_now
//! tries: Calls itself until the stack is used up.
//! must: The test crashes, alone.
//! verdict: crashed|failed

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

fn attack() {
    #[allow(unconditional_recursion)]
    fn deeper(n: [u64; 32]) -> u64 {
        deeper([n[0] + 1; 32]) + n[31]
    }
    println!("{}", deeper([1; 32]));
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
