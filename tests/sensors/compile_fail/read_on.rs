//! A second look at a sensor that `monitor` has left: it was given away, and is gone.
use std::num::NonZeroUsize;

use exercise::sensors::{monitor, sensor};
use futures::StreamExt;

pub async fn misuse(ahead: NonZeroUsize) -> usize {
    let mut readings = sensor(1, ahead);
    let alarms = monitor(readings, 10, 28.0).await;
    let after = readings.next().await; //~ E0382
    alarms.len() + usize::from(after.is_some())
}

fn main() {}
