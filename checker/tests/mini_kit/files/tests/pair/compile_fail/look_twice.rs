//! A pair is used up when it is looked at.

use exercise::pair::Pair;

pub fn misuse(pair: Pair) {
    drop(pair);
    drop(pair); //~ E0382
}

fn main() {}
