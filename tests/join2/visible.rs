//! What every learner sees: both orders, and the time it takes.

use std::task::Poll;

use exercise::join2::join2;
use kit::{
    Opener, WakeCount, blame, counting_waker, gate, lab, plainly, poll_with, secs, span, timed,
    took,
};
use tokio::time::sleep;

/// Fails unless each of these sides has a waker to call when it can go on.
#[track_caller]
pub fn all_awaited<T>(sides: &[(&str, Opener<T>)]) {
    let none = sides.iter().all(|(_, side)| !side.is_awaited());
    let pitfall = if none { "pending-without-waker" } else { "skipped-registration" };
    for (name, side) in sides {
        blame(pitfall)
            .because("part-unpolled", &[("who", &"join2"), ("part", name)])
            .unless(side.is_awaited());
    }
}

/// Polls until the poll itself wakes nobody: a turn more may be asked for, but
/// not one after the other. How often the task was woken by then.
#[track_caller]
pub fn expect_pending(wakes: &WakeCount, mut poll: impl FnMut() -> bool) -> usize {
    for _ in 0..10 {
        let before = wakes.wakes();
        plainly().because("not-pending", &[("who", &"join2")]).unless(poll());
        if wakes.wakes() == before {
            return before;
        }
    }
    woken_early(wakes)
}

#[track_caller]
pub fn woken_early(wakes: &WakeCount) -> ! {
    blame("busy-wake").because("woken-early", &[("who", &"join2"), ("count", &wakes.wakes())]).now()
}

#[test]
fn whichever_is_done_first_both_values_come() {
    lab().stuck_means("busy-wake").run(async {
        for tea_first in [true, false] {
            let (tea, a) = gate("tea");
            let (toast, b) = gate("toast");
            let both = join2(a, b); // gate: moved-after-first-poll
            let mut both = Box::pin(both); // gate: moved-after-first-poll
            let (wakes, waker) = counting_waker("join2's task");
            let mut waiting = vec![("tea", tea), ("toast", toast)];
            if !tea_first {
                waiting.reverse();
            }
            for _ in 0..2 {
                let before = expect_pending(&wakes, || {
                    poll_with(both.as_mut(), &waker).is_pending() // gate: moved-after-first-poll
                });
                all_awaited(&waiting);
                let (name, side) = waiting.remove(0);
                side.open(name);
                blame("pending-without-waker")
                    .because("not-woken", &[("who", &"join2")])
                    .unless(wakes.wakes() > before);
            }
            let got = poll_with(both.as_mut(), &waker); // gate: moved-after-first-poll
            plainly().unless_eq(got, Poll::Ready(("tea", "toast")));
        }
    });
}

#[test]
fn it_takes_as_long_as_the_longer_side() {
    lab().stuck_means("busy-wake").hang_means("pending-without-waker").run(async {
        for (tea, toast) in [(2, 3), (3, 1)] {
            let make_tea = async move {
                let _span = span("tea");
                sleep(secs(tea)).await;
                "tea"
            };
            let make_toast = async move {
                let _span = span("toast");
                sleep(secs(toast)).await;
                2
            };
            let both = join2(make_tea, make_toast);
            let (got, time) = timed(both).await;
            plainly().unless_eq(got, ("tea", 2));
            took(time).should_be(secs(3));
        }
    });
}
