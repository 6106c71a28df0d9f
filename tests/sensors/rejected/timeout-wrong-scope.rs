//! "A measurement takes two seconds at most; after five the sensor is dead."

use std::num::NonZeroUsize;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use futures::{Stream, StreamExt};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

/// What a sensor has measured, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    pub celsius: f64,
    pub humidity: f64,
    /// How long after the call of `sensor` the measurement was done, by the clock
    /// of the runtime.
    pub at: Duration,
}

/// What the task of a sensor asks. Leave this one as it is.
pub struct Device {
    chance: u64,
    readings: u32,
}

impl Device {
    /// From the same seed come the same measurements.
    pub fn new(seed: u64) -> Self {
        Device { chance: seed, readings: 0 }
    }

    /// Measures degrees Celsius (20 to 30) and percents of humidity (40 to 80).
    /// That takes half a second at least, and two at most.
    pub async fn measure(&mut self) -> (f64, f64) {
        self.readings += 1;
        let _span = kit::span(format!("reading {}", self.readings)); // a bar in your timeline
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

/// The line for a reading that is too warm. Leave this one as it is.
pub fn alarm(number: usize, reading: &Reading) -> String {
    format!("reading {number}: {:.1} °C", reading.celsius)
}

/// The readings of one sensor, in order. There is no end of them.
///
/// When it is dropped its task goes, too: at once, also in the middle of a
/// measurement.
pub struct SensorStream {
    readings: mpsc::Receiver<Reading>,
    task: JoinHandle<()>,
}

impl Drop for SensorStream {
    fn drop(&mut self) {
        // The task would hear of the closed channel, too, but only when it wants a
        // place in it: up to two seconds late. Dropping the handle would not stop
        // it at all.
        self.task.abort();
    }
}

impl Stream for SensorStream {
    type Item = Reading;

    /// A call of `next()` that is dropped loses no reading.
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Reading>> {
        // The channel keeps the waker, and the readings that nobody has fetched.
        self.readings.poll_recv(cx)
    }
}

/// Starts a device with this seed in a task of its own. It measures from this call
/// on, one reading after the other, whether or not anybody asks.
///
/// At most `ahead` readings are measured and not yet read; one that waits for a
/// place in the queue counts as well. So a measurement begins only when there is
/// room for its reading, and as soon as there is. No reading is left out.
pub fn sensor(seed: u64, ahead: NonZeroUsize) -> SensorStream {
    let begun = Instant::now(); // Tokio's: the clock that its timers go by
    let (places, readings) = mpsc::channel(ahead.get());
    let task = tokio::spawn(async move {
        let mut device = Device::new(seed);
        // First the place, then the measurement. The other way round one more
        // reading would grow old in the hands of `send`.
        while let Ok(place) = places.reserve().await {
            let (celsius, humidity) = device.measure().await;
            place.send(Reading { celsius, humidity, at: begun.elapsed() });
        }
    });
    SensorStream { readings, task }
}

/// Reads `n` readings and not one more. Returns an `alarm` for each that is warmer
/// than `alarm_above`; the first reading has the number 1.
///
/// If the stream ends before, that is all there is to read.
pub async fn monitor(s: impl Stream<Item = Reading>, n: usize, alarm_above: f64) -> Vec<String> {
    // `take` does not ask for more than it gives. When this function returns, the
    // stream is dropped, and a sensor behind it stops.
    let mut numbered = pin!(s.take(n).enumerate());
    let mut alarms = Vec::new();
    while let Ok(Some((before, reading))) =
        tokio::time::timeout(Duration::from_secs(5), numbered.next()).await
    {
        if reading.celsius > alarm_above {
            alarms.push(alarm(before + 1, &reading));
        }
    }
    alarms
}
