//! The queue has no limit; the permits that travel with the readings have.

use std::num::NonZeroUsize;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::{Stream, StreamExt};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    pub celsius: f64,
    pub humidity: f64,
    pub at: Duration,
}
pub struct Device {
    chance: u64,
    readings: u32,
}

impl Device {
    pub fn new(seed: u64) -> Self {
        Device { chance: seed, readings: 0 }
    }
    pub async fn measure(&mut self) -> (f64, f64) {
        self.readings += 1;
        let _span = kit::span(format!("reading {}", self.readings));
        sleep(Duration::from_millis(self.between(500, 2_000))).await;
        let celsius = self.between(200, 300) as f64 / 10.0;
        let humidity = self.between(400, 800) as f64 / 10.0;
        (celsius, humidity)
    }

    fn between(&mut self, least: u64, most: u64) -> u64 {
        self.chance = self.chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        least + (self.chance >> 33) % (most - least + 1)
    }
}
pub fn alarm(number: usize, reading: &Reading) -> String {
    format!("reading {number}: {:.1} °C", reading.celsius)
}

pub struct SensorStream {
    readings: mpsc::UnboundedReceiver<(Reading, OwnedSemaphorePermit)>,
    _task: JoinSet<()>,
}

impl Stream for SensorStream {
    type Item = Reading;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Reading>> {
        let next = self.get_mut().readings.poll_recv(cx);
        next.map(|next| next.map(|(reading, _permit)| reading))
    }
}

pub fn sensor(seed: u64, ahead: NonZeroUsize) -> SensorStream {
    let begun = Instant::now();
    let places = Arc::new(Semaphore::new(ahead.get()));
    let (out, readings) = mpsc::unbounded_channel();
    let mut task = JoinSet::new();
    task.spawn(async move {
        let mut device = Device::new(seed);
        while let Ok(permit) = places.clone().acquire_owned().await {
            let (celsius, humidity) = device.measure().await;
            let reading = Reading { celsius, humidity, at: begun.elapsed() };
            if out.send((reading, permit)).is_err() {
                return;
            }
        }
    });
    SensorStream { readings, _task: task }
}

pub async fn monitor(s: impl Stream<Item = Reading>, n: usize, alarm_above: f64) -> Vec<String> {
    let mut s = pin!(s);
    let mut alarms = Vec::new();
    for number in 1..=n {
        let Some(reading) = s.next().await else { break };
        if reading.celsius > alarm_above {
            alarms.push(alarm(number, &reading));
        }
    }
    alarms
}
