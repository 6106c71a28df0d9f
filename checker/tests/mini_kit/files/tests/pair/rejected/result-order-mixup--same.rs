//! "Both are the first."

use std::time::Duration;

pub struct Pair(pub u32, pub u32);

pub async fn pair() -> Pair {
    tokio::time::sleep(Duration::from_secs(1)).await;
    Pair(1, 1)
}
