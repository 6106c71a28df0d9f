//! What every learner sees.

use exercise::pair::pair;
use kit::{blame, run, secs, timed, took};

#[test]
fn it_takes_a_second() {
    run(async {
        let (pair, time) = timed(pair()).await;
        took(time).should_be(secs(1));
        blame("result-order-mixup").unless_eq((pair.0, pair.1), (1, 2));
    });
}
