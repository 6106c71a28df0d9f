//! The rest of the contract.

use exercise::pair::pair;
use kit::{blame, run, secs, timed, took};

#[test]
fn two_pairs_take_two_seconds() {
    run(async {
        let ((first, second), time) = timed(async { (pair().await, pair().await) }).await;
        took(time).should_be(secs(2));
        blame("result-order-mixup").unless_eq((first.0, second.1), (1, 2));
    });
}
