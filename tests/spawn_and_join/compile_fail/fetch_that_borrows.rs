//! A fetch that borrows from its caller: its tasks may go on when the caller has returned.
//~~ pitfall: borrow-into-spawn
use std::sync::Arc;

use exercise::spawn_and_join::{Fetch, fetch_all};

pub async fn misuse(urls: Vec<String>) -> usize {
    let host = String::from("example.org");
    let at: &str = &host; //~ E0597
    let fetch: Fetch = Arc::new(move |path| Box::pin(async move { format!("{at}/{path}") }));
    fetch_all(urls, fetch).await.len()
}

fn main() {}
