//! A save that keeps its number in an `Rc`: whoever spawns `tally` would take the `Rc` along.
//~~ pitfall: non-send-across-await
use std::cell::Cell;
use std::future::ready;
use std::rc::Rc;
use std::sync::Arc;

use exercise::send_or_local::{Save, tally};

pub async fn misuse(pages: Vec<String>) -> usize {
    let last = Rc::new(Cell::new(0));
    let save: Save = Arc::new(move |count| Box::pin(ready(last.set(count)))); //~ E0277 between threads safely
    tally(pages, save).await
}

fn main() {}
