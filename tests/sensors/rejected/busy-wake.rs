//! "Nothing there: ask me again."

use std::num::NonZeroUsize;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use futures::{Stream, StreamExt};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
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
    readings: mpsc::Receiver<Reading>,
    task: JoinHandle<()>,
}

impl Drop for SensorStream {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Stream for SensorStream {
    type Item = Reading;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Reading>> {
        match self.readings.try_recv() {
            Ok(reading) => Poll::Ready(Some(reading)),
            Err(mpsc::error::TryRecvError::Disconnected) => Poll::Ready(None),
            Err(mpsc::error::TryRecvError::Empty) => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
        }
    }
}

pub fn sensor(seed: u64, ahead: NonZeroUsize) -> SensorStream {
    let begun = Instant::now();
    let (places, readings) = mpsc::channel(ahead.get());
    let task = tokio::spawn(async move {
        let mut device = Device::new(seed);
        while let Ok(place) = places.reserve().await {
            let (celsius, humidity) = device.measure().await;
            place.send(Reading { celsius, humidity, at: begun.elapsed() });
        }
    });
    SensorStream { readings, task }
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
