//! With the other crate's macro.

use std::time::Duration;

pub struct Pair(pub u32, pub u32);

pub async fn pair() -> Pair {
    let second = Duration::from_secs(1);
    futures::join!(tokio::time::sleep(second), tokio::time::sleep(second));
    Pair(1, 2)
}
