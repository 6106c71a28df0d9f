//! What every learner sees: a future that is ready, and one that must be waited for.

use exercise::block_on::block_on;
use kit::{alarm, lab, ms, plainly, run_sync, strict};

#[test]
fn a_ready_future_gives_its_value() {
    run_sync(|| plainly().unless_eq(block_on(strict("tea", 42)), 42));
}

#[test]
fn it_waits_until_another_thread_wakes_it() {
    lab().stuck_means("cross-thread-wake-lost").run_sync(|| {
        let drink = block_on(async {
            // Rings in another thread, 20 ms after its first poll.
            alarm("kettle", ms(20)).await;
            strict("tea", "hot").await
        });
        plainly().unless_eq(drink, "hot");
    });
}
