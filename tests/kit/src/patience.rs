//! Real time for what no virtual clock can see, without a deadline.

use std::time::Duration;

use crate::start_over;

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
/// The record begins anew with each try: how often a busy machine made a test
/// try again says nothing about the answer.
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
    waits().inspect(|_| start_over())
}

/// How long each of the tries may take.
pub(crate) fn waits() -> impl Iterator<Item = Duration> {
    (0..6).map(|n| Duration::from_millis(20 << n))
}

#[cfg(test)]
mod tests {
    use record::Kind;

    use super::*;
    use crate::{capture, counting_waker, run_sync};

    #[test]
    fn a_second_try_leaves_the_same_record_as_a_first() {
        let tried = |times: usize| {
            let record = capture(|| {
                run_sync(|| {
                    counting_waker("before").1.wake();
                    let mut left = times;
                    let held_up = |_| {
                        counting_waker("task").1.wake();
                        left -= 1;
                        left > 0
                    };
                    assert!(!patience().all(held_up));
                });
            });
            let of = |event: &record::Event| (event.label.clone(), event.kind);
            record.events.iter().map(of).collect::<Vec<_>>()
        };
        assert_eq!(tried(1), [("task".to_owned(), Kind::Woken)]);
        assert_eq!(tried(3), tried(1));
    }
}
