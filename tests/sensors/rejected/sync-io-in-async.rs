//! "sync_channel waits when it is full: just what I need."

use std::num::NonZeroUsize;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures::{Stream, StreamExt};
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
    readings: std::sync::mpsc::Receiver<Reading>,
    reader: Arc<Mutex<Option<Waker>>>,
    task: JoinHandle<()>,
}

impl Drop for SensorStream {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Stream for SensorStream {
    type Item = Reading;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Reading>> {
        *self.reader.lock().unwrap() = Some(cx.waker().clone());
        match self.readings.try_recv() {
            Ok(reading) => Poll::Ready(Some(reading)),
            Err(_) => Poll::Pending,
        }
    }
}

pub fn sensor(seed: u64, ahead: NonZeroUsize) -> SensorStream {
    let begun = Instant::now();
    let (queue, readings) = std::sync::mpsc::sync_channel(ahead.get());
    let reader = Arc::new(Mutex::new(None::<Waker>));
    let waiting = reader.clone();
    let task = tokio::spawn(async move {
        let mut device = Device::new(seed);
        loop {
            let (celsius, humidity) = device.measure().await;
            if queue.send(Reading { celsius, humidity, at: begun.elapsed() }).is_err() {
                return;
            }
            if let Some(reader) = waiting.lock().unwrap().take() {
                reader.wake();
            }
        }
    });
    SensorStream { readings, reader, task }
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
