//! No channel: a queue behind a lock, a waker for each side.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::num::NonZeroUsize;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures::future::{AbortHandle, Abortable};
use futures::{Stream, StreamExt};
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

#[derive(Default)]
struct Queue {
    readings: VecDeque<Reading>,
    reader: Option<Waker>,
    writer: Option<Waker>,
    gone: bool,
}

pub struct SensorStream {
    queue: Arc<Mutex<Queue>>,
    stop: AbortHandle,
}

impl Drop for SensorStream {
    fn drop(&mut self) {
        self.stop.abort();
    }
}

impl Stream for SensorStream {
    type Item = Reading;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Reading>> {
        let mut queue = self.queue.lock().unwrap();
        let Some(reading) = queue.readings.pop_front() else {
            if queue.gone {
                return Poll::Ready(None);
            }
            queue.reader = Some(cx.waker().clone());
            return Poll::Pending;
        };
        let writer = queue.writer.take();
        drop(queue);
        if let Some(writer) = writer {
            writer.wake();
        }
        Poll::Ready(Some(reading))
    }
}

struct Ended(Arc<Mutex<Queue>>);

impl Drop for Ended {
    fn drop(&mut self) {
        let mut queue = self.0.lock().unwrap();
        queue.gone = true;
        let reader = queue.reader.take();
        drop(queue);
        if let Some(reader) = reader {
            reader.wake();
        }
    }
}

pub fn sensor(seed: u64, ahead: NonZeroUsize) -> SensorStream {
    let begun = Instant::now();
    let queue = Arc::new(Mutex::new(Queue::default()));
    let ended = Ended(queue.clone());
    let (stop, registration) = AbortHandle::new_pair();
    let work = async move {
        let queue = &ended.0;
        let mut device = Device::new(seed);
        loop {
            poll_fn(|cx| {
                let mut queue = queue.lock().unwrap();
                if queue.readings.len() < ahead.get() {
                    return Poll::Ready(());
                }
                queue.writer = Some(cx.waker().clone());
                Poll::Pending
            })
            .await;
            let (celsius, humidity) = device.measure().await;
            let reader = {
                let mut queue = queue.lock().unwrap();
                queue.readings.push_back(Reading { celsius, humidity, at: begun.elapsed() });
                queue.reader.take()
            };
            if let Some(reader) = reader {
                reader.wake();
            }
        }
    };
    tokio::spawn(Abortable::new(async move { work.await }, registration));
    SensorStream { queue, stop }
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
