//! A stream where an iterator is wanted: its items are not there yet, so a plain loop cannot have them.
use std::num::NonZeroUsize;

use exercise::batches::batches_unfold;
use kit::Log;

pub fn misuse(size: NonZeroUsize, log: Log) {
    for _batch in batches_unfold(15, size, log) {} //~ E0277 is not an iterator
}

fn main() {}
