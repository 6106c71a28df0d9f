//! "The sooner they start, the better": the requests are on their way before anybody awaits.

use std::time::Duration;

use tokio::task::JoinSet;

pub async fn fetch_data(name: &str, delay: Duration) -> String {
    let _span = kit::span(name);
    tokio::time::sleep(delay).await;
    format!("data of {name}")
}

fn start(reqs: &[(&str, Duration)]) -> JoinSet<(usize, String)> {
    let mut tasks = JoinSet::new();
    for (i, (name, delay)) in reqs.iter().enumerate() {
        let (name, delay) = (name.to_string(), *delay);
        tasks.spawn(async move { (i, fetch_data(&name, delay).await) });
    }
    tasks
}

pub fn gather(reqs: &[(&str, Duration)]) -> impl Future<Output = Vec<String>> {
    let tasks = start(reqs);
    async move {
        let mut pages = tasks.join_all().await;
        pages.sort();
        pages.into_iter().map(|(_, page)| page).collect()
    }
}

pub async fn as_completed(reqs: &[(&str, Duration)], mut on_done: impl FnMut(String)) {
    let mut tasks = start(reqs);
    while let Some(done) = tasks.join_next().await {
        on_done(done.unwrap().1);
    }
}
