//! No reading may be ahead: then none could ever be measured, so the type of `ahead` has no zero.
use exercise::sensors::sensor;
use futures::StreamExt;

pub async fn misuse() -> bool {
    sensor(1, 0).next().await.is_some() //~ E0308
}

fn main() {}
