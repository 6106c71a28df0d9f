//! The task in two parts that are joined, the wait a deadline that comes to pass.

use std::future::pending;
use std::time::Duration;

use kit::Log;
use tokio::runtime::Runtime;
use tokio::time::timeout;

pub async fn simple_task(log: &Log) {
    let (ring, rung) = tokio::sync::oneshot::channel();
    let clock = async {
        let _elapsed = timeout(Duration::from_secs(1), pending::<()>()).await;
        let _ = ring.send(());
    };
    let task = async {
        log.add("start");
        rung.await.expect("the clock rings before it goes");
        log.add("done");
    };
    tokio::join!(task, clock);
}

pub fn run(rt: &Runtime, log: &Log) {
    rt.block_on(async { tokio::join!(simple_task(log), async {}) });
}
