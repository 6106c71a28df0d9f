//! "I call the function, so it runs": a statement of its own, without an await.

use std::time::Duration;

use kit::Log;
use tokio::runtime::Runtime;
use tokio::time::sleep;

pub async fn simple_task(log: &Log) {
    log.add("start");
    sleep(Duration::from_secs(1)).await;
    log.add("done");
}

pub fn run(rt: &Runtime, log: &Log) {
    let _inside = rt.enter(); // "now I am in the runtime"
    simple_task(log);
}
