//! What every learner sees: a reading that comes, a sensor that is left alone, and the
//! loop that reads ten.

use std::num::NonZeroUsize;
use std::pin::Pin;
use std::time::Duration;

use exercise::sensors::{Device, Reading, alarm, monitor, sensor};
use futures::{Stream, StreamExt};
use kit::{
    Lab, alive_tasks, blame, drops_anywhere, due, lab, mock_stream, ms, plainly, secs, start_over,
    timed, trace,
};
use tokio::time::{Instant, sleep, timeout};

#[test]
fn a_reading_comes_when_it_is_measured() {
    watched().run(async {
        let wanted = measured(1, 1).await;
        anything_comes(1).await;
        let mut stream = mock_stream("The stream", started(1, 3));
        let first = due(&mut stream, wanted[0].at).await;
        same(&[first], &wanted);
    });
}

#[test]
fn left_alone_it_measures_as_much_as_there_is_room_for() {
    watched().run(async {
        left_alone(2, 3).await;
    });
}

#[test]
fn ten_readings_and_their_alarms() {
    watched().run(async {
        let wanted = measured(3, 10).await;
        let (alarms, time) = timed(monitor(started(3, 3), 10, 28.0)).await;
        plainly().unless_eq(alarms, alarms_of(&wanted, 28.0));
        plainly().unless_eq(time, wanted[9].at);
        // The stream is gone. So is its task.
        task_goes().await;
    });
}

/// All tests: who asks again and again never comes back, and who blocks the thread
/// does not either, as only this thread could do what it waits for.
pub fn watched() -> Lab {
    lab().stuck_means("busy-wake").wait_means("sync-io-in-async")
}

pub type Readings = Pin<Box<dyn Stream<Item = Reading>>>;

/// The only call of `sensor`, so that it is compiled once.
pub fn started(seed: u64, ahead: usize) -> Readings {
    Box::pin(sensor(seed, NonZeroUsize::new(ahead).expect("no test asks for no room")))
}

/// What a device with this seed measures where nothing holds it up. All that comes
/// later counts from now on.
pub async fn measured(seed: u64, count: usize) -> Vec<Reading> {
    let (mut device, begun) = (Device::new(seed), Instant::now());
    let mut readings: Vec<Reading> = Vec::new();
    while readings.len() < count {
        let (celsius, humidity) = device.measure().await;
        readings.push(Reading { celsius, humidity, at: begun.elapsed() });
    }
    start_over();
    readings
}

/// What `monitor` is to say of them.
pub fn alarms_of(readings: &[Reading], above: f64) -> Vec<String> {
    let numbered = (1..).zip(readings);
    let warm = numbered.filter(|(_, reading)| reading.celsius > above);
    warm.map(|(number, reading)| alarm(number, reading)).collect()
}

/// These are the readings, each with the moment at which it was measured.
#[track_caller]
pub fn same(got: &[Reading], wanted: &[Reading]) {
    for reading in got {
        // All waits here are whole milliseconds of virtual time.
        let virtual_time = reading.at.subsec_nanos() % 1_000_000 == 0;
        blame("std-instant-under-virtual-clock")
            .because("reading-at", &[("at", &format!("{:?}", reading.at))])
            .unless(virtual_time);
    }
    for (number, (got, wanted)) in (1..).zip(got.iter().zip(wanted)) {
        plainly().because("reading-number", &[("number", &number)]).unless_eq(got, wanted);
    }
    plainly().unless_eq(got.len(), wanted.len());
}

/// More than enough for all the readings that a test wants.
pub const MINUTE: Duration = secs(60);

/// Whether anything comes at all, before it is asked how.
async fn anything_comes(seed: u64) {
    let mut stream = started(seed, 3);
    let spawned = alive_tasks() > 0;
    let first = timeout(MINUTE, stream.next()).await;
    let key = if first.is_ok() { "ended-early" } else { "nothing-came" };
    let check = match first {
        Ok(Some(_)) => return start_over(),
        // Was there a task that is gone, or was there none?
        Ok(None) if !spawned => blame("let-underscore-future"),
        // It measures and measures, and nothing of it arrives.
        Err(_) if trace().contains("reading 9 ") => blame("let-underscore-future"),
        _ => plainly(),
    };
    check.because(key, &[("who", &"The stream"), ("time", &"1 min")]).now();
}

/// So many readings, or fewer if it takes too long.
pub async fn read(stream: &mut Readings, count: usize) -> Vec<Reading> {
    let mut readings = Vec::new();
    while readings.len() < count
        && let Ok(Some(reading)) = timeout(MINUTE, stream.next()).await
    {
        readings.push(reading);
    }
    readings
}

/// Nobody reads for a minute, and then somebody does.
pub async fn left_alone(seed: u64, ahead: usize) {
    let mut wanted = measured(seed, ahead + 3).await;
    let mut stream = started(seed, ahead);
    sleep(MINUTE).await;
    let mut got = Vec::new();
    // What is there already. Of the time that goes by here a measurement takes more.
    while got.len() < MANY
        && let Ok(Some(reading)) = timeout(ms(1), stream.next()).await
    {
        got.push(reading);
    }
    if got.len() != ahead {
        let count = got.len();
        let moves = count > 0 || alive_tasks() > 0;
        let comes = moves || timeout(MINUTE, stream.next()).await.is_ok_and(|next| next.is_some());
        if count > ahead && count < MANY {
            // Does it hear of a reader that is gone? If not, that is the worse of the two.
            drop(stream);
            task_goes().await;
        }
        let check = match count {
            // No task, and still it measures when it is asked.
            0 if comes && !moves => blame("inner-futures-starve"),
            0 => plainly(),
            MANY.. => blame("unbounded-queue"),
            _ if count > ahead => blame("generator-runs-ahead"),
            _ => plainly(),
        };
        check.because("measured-alone", &[("count", &count), ("ahead", &ahead)]).now();
    }
    // There was room again when the first one was read.
    got.extend(read(&mut stream, wanted.len() - ahead).await);
    let last = wanted[ahead - 1].at;
    for reading in &mut wanted[ahead..] {
        reading.at = MINUTE + reading.at - last;
    }
    same(&got, &wanted);
    drop(stream);
    task_goes().await;
}

/// So much there is only where nothing is held up: in a minute there are thirty
/// measurements at least.
const MANY: usize = 25;

/// The stream was dropped. Its task goes as soon as it has a turn.
pub async fn task_goes() {
    sleep(ms(1)).await;
    let left = alive_tasks();
    if left == 0 {
        return;
    }
    sleep(secs(10)).await; // the longest measurement takes two
    // It heard of it when it had something to send; or it never does.
    let late = alive_tasks() == 0;
    let id = if late { "dropped-handle-detaches" } else { "zombie-producer" };
    let key = if late { "task-went-late" } else { "task-never-goes" };
    blame(id).because(key, &[("count", &left)]).now();
}

/// Drops the stream, and its task goes.
pub async fn dropped(stream: Readings) {
    drops_anywhere(stream);
    task_goes().await;
}
