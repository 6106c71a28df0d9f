//! The program `asynclings`.

fn main() {}
