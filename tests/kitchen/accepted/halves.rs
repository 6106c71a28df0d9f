//! Divide and join: both halves of the list at once, down to a single step. Not an async fn in sight.

use std::time::Duration;

use futures::FutureExt;
use futures::future::{BoxFuture, join};
use kit::Log;
use tokio::time::{Instant, sleep};

pub struct Step {
    pub name: &'static str,
    pub minutes: u64,
}

fn cook<'a>(step: &'a Step, log: &'a Log) -> impl Future<Output = ()> + Send + 'a {
    async move {
        log.add(format!("{} on", step.name));
        sleep(Duration::from_secs(60 * step.minutes)).await;
        log.add(format!("{} done", step.name));
    }
}

fn all<'a>(steps: &'a [Step], log: &'a Log) -> BoxFuture<'a, ()> {
    match steps {
        [] => async {}.boxed(),
        [step] => cook(step, log).boxed(),
        _ => {
            let (left, right) = steps.split_at(steps.len() / 2);
            join(all(left, log), all(right, log)).map(|_| ()).boxed()
        }
    }
}

pub fn together<'a>(steps: &'a [Step], log: &'a Log) -> BoxFuture<'a, Duration> {
    async move {
        let start = Instant::now();
        all(steps, log).await;
        start.elapsed()
    }
    .boxed()
}

pub fn one_by_one<'a>(steps: &'a [Step], log: &'a Log) -> BoxFuture<'a, Duration> {
    async move {
        let start = Instant::now();
        let mut queue = steps.iter();
        while let Some(step) = queue.next() {
            cook(step, log).await;
        }
        start.elapsed()
    }
    .boxed()
}
