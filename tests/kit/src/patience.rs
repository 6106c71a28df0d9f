//! Real time for what no virtual clock can see, without a deadline.

use std::time::Duration;

/// Six waits on real time, each twice as long as the one before: 20 ms to 640 ms.
///
/// Some things only another thread can show: that a lock is held, that a sleep
/// goes on. A right answer lets that thread through within microseconds. One
/// deadline could still be unfair to it on a busy machine. So a test tries six
/// times with growing patience, and fails only if the thread was held up in
/// *every* one of them. For a right answer that would take six stalls, one
/// after the other, each in the same few microseconds and at last of 640 ms; a
/// wrong answer is held up each time, and hears of it in little more than a
/// second instead of from the watchdog.
///
/// ```
/// # use std::sync::mpsc::channel;
/// let passes = |patience| {
///     let (say, hear) = channel();
///     std::thread::spawn(move || say.send("through"));
///     hear.recv_timeout(patience).is_ok()
/// };
/// assert!(kit::patience().any(passes));
/// ```
pub fn patience() -> impl Iterator<Item = Duration> {
    (0..6).map(|n| Duration::from_millis(20 << n))
}
