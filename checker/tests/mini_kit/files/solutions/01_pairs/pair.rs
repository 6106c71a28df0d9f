//! pair: the reference answer.

use std::time::Duration;

use tokio::time::sleep;

/// Used up when it is looked at.
pub struct Pair(pub u32, pub u32);

async fn number(n: u32) -> u32 {
    sleep(Duration::from_secs(1)).await;
    n
}

/// 1 and 2, each of which takes a second.
pub async fn pair() -> Pair {
    let (one, two) = tokio::join!(number(1), number(2));
    Pair(one, two)
}
