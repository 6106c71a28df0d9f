//! An `emit` without an await: it would hand out nothing, and the compiler can be told to refuse it.
//~~ pitfall: lazy-never-awaited
#![deny(unused_must_use)]
use exercise::yielder::generator;
use futures::Stream;

pub fn misuse() -> impl Stream<Item = u32> {
    generator(|mut y| async move {
        y.emit(1); //~ unused_must_use
        y.emit(2).await;
    })
}

fn main() {}
