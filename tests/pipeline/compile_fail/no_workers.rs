//! Without workers nothing would ever be taken, so the type of `workers` has no zero.
use std::num::NonZeroUsize;

use exercise::pipeline::stage;
use tokio::sync::mpsc;

pub fn misuse(rx: mpsc::Receiver<u32>, cap: NonZeroUsize) -> mpsc::Receiver<u32> {
    stage(rx, cap, 0, |number| Box::pin(async move { number })) //~ E0308
}

fn main() {}
