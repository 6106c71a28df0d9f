//! "A channel tells me when the task is done": run waits for it, and nobody drives the task.

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
    let log = log.clone();
    let (say, hear) = std::sync::mpsc::channel();
    rt.spawn(async move {
        simple_task(&log).await;
        let _ = say.send(());
    });
    hear.recv().unwrap();
}
