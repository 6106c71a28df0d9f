//! A stream that gives the lines in time; a set of tasks on the runtime that run was given.

use std::pin::pin;
use std::time::Duration;

use async_stream::stream;
use futures::StreamExt;
use kit::Log;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use tokio::time::sleep;

pub async fn simple_task(log: &Log) {
    let lines = stream! {
        yield "start";
        sleep(Duration::from_secs(1)).await;
        yield "done";
    };
    let mut lines = pin!(lines);
    while let Some(line) = lines.next().await {
        log.add(line);
    }
}

pub fn run(rt: &Runtime, log: &Log) {
    let log = log.clone();
    let mut tasks = JoinSet::new();
    tasks.spawn_on(async move { simple_task(&log).await }, rt.handle());
    rt.block_on(tasks.join_all());
}
