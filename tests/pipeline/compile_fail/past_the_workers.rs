//! An item past the workers: the stage owns its input, and nobody else can take from it.
use std::num::NonZeroUsize;

use exercise::pipeline::stage;
use tokio::sync::mpsc;

pub async fn misuse(mut rx: mpsc::Receiver<u32>, one: NonZeroUsize) -> Option<u32> {
    let mut results = stage(rx, one, one, |number| Box::pin(async move { number }));
    let past = rx.recv().await; //~ E0382
    past.or(results.recv().await)
}

fn main() {}
