//! Batches of nothing: there would be no end of them, so the type of `size` has no zero.
use exercise::batches::batches_macro;
use futures::StreamExt;
use kit::Log;

pub async fn misuse(log: Log) -> usize {
    batches_macro(15, 0, log).count().await //~ E0308
}

fn main() {}
