//! Two values at the same time: `emit` borrows the yielder until its value has been taken.
use exercise::yielder::generator;
use futures::Stream;

pub fn misuse() -> impl Stream<Item = u32> {
    generator(|mut y| async move {
        let first = y.emit(1);
        let second = y.emit(2); //~ E0499
        futures::join!(first, second);
    })
}

fn main() {}
