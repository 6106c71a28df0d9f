//! What every learner sees: set after the first poll, set before it, never set.

use std::task::Poll;

use exercise::slot::slot;
use kit::{lab, mock, plainly};

#[test]
fn a_value_that_comes_later_wakes_the_waiting_task() {
    lab().stuck_means("sync-io-in-async").run_sync(|| {
        let (setter, slot) = slot();
        let mut task = mock("slot", slot);
        plainly().because("not-pending", &[("who", &"slot")]).unless(task.poll().is_pending());
        task.expect_not_woken("busy-wake");
        plainly().unless_eq(setter.set("tea"), Ok(()));
        task.expect_woken("pending-without-waker");
        let got = task.poll().map_err(|_| "Cancelled");
        plainly().unless_eq(got, Poll::Ready(Ok("tea")));
    });
}

#[test]
fn a_value_that_was_there_first_is_ready_at_once() {
    lab().stuck_means("sync-io-in-async").run_sync(|| {
        let (setter, slot) = slot();
        plainly().unless_eq(setter.set("tea"), Ok(()));
        let mut task = mock("slot", slot);
        let got = task.poll().map_err(|_| "Cancelled");
        plainly().unless_eq(got, Poll::Ready(Ok("tea")));
    });
}

#[test]
fn a_dropped_setter_ends_the_wait() {
    lab().stuck_means("sync-io-in-async").run_sync(|| {
        let (setter, slot) = slot::<&str>();
        let mut task = mock("slot", slot);
        plainly().because("not-pending", &[("who", &"slot")]).unless(task.poll().is_pending());
        drop(setter);
        task.expect_woken("pending-without-waker");
        let ended = task.poll().map_err(|_| "Cancelled");
        plainly().unless_eq(ended, Poll::Ready(Err("Cancelled")));
    });
}
