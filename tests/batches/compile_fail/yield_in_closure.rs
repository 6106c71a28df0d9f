//! A `yield` in a closure: `stream!` gives the word to its own body, and a closure is another one.
//~~ pitfall: yield-in-nested-async
use std::num::NonZeroUsize;
use std::pin::pin;

use exercise::batches::batches_macro;
use futures::StreamExt;
use kit::Log;

pub fn misuse(size: NonZeroUsize, log: Log) {
    let items = async_stream::stream! {
        let mut batches = pin!(batches_macro(15, size, log));
        while let Some(batch) = batches.next().await {
            let hand_out = |item: u32| yield item; //~ yield
            drop((batch, hand_out));
        }
    };
    drop(items);
}

fn main() {}
