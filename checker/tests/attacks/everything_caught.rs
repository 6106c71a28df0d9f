//! exercise: hello_async
//! tries: Catches every panic in sight, and drops the hook that keeps them for the record.
//! must: Checks fail outside of the answer, where it cannot catch them.
//! verdict: failed|crashed

use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};

pub async fn simple_task(log: &kit::Log) {
    drop(take_hook());
    set_hook(Box::new(|_| {}));
    let _ = catch_unwind(AssertUnwindSafe(|| log.should_be(&["something else"], "busy-wake")));
}

pub fn run(rt: &tokio::runtime::Runtime, log: &kit::Log) {
    let _ = catch_unwind(AssertUnwindSafe(|| rt.block_on(simple_task(log))));
}
