//! Tasks and their handles, in a wrapper that aborts: what is dropped does not go on.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::future::{join_all, select_all};
use tokio::task::JoinHandle;

pub async fn fetch_data(name: &str, delay: Duration) -> String {
    let _span = kit::span(name);
    tokio::time::sleep(delay).await;
    format!("data of {name}")
}

struct Request(JoinHandle<String>);

impl Request {
    fn sent((name, delay): &(&str, Duration)) -> Self {
        let (name, delay) = (name.to_string(), *delay);
        Request(tokio::spawn(async move { fetch_data(&name, delay).await }))
    }
}

impl Future for Request {
    type Output = String;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<String> {
        Pin::new(&mut self.0).poll(cx).map(|page| page.expect("a request does not panic"))
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        self.0.abort();
    }
}

pub async fn gather(reqs: &[(&str, Duration)]) -> Vec<String> {
    join_all(reqs.iter().map(Request::sent)).await
}

pub async fn as_completed(reqs: &[(&str, Duration)], mut on_done: impl FnMut(String)) {
    let mut running: Vec<_> = reqs.iter().map(Request::sent).collect();
    while !running.is_empty() {
        let (page, _, others) = select_all(running).await;
        on_done(page);
        running = others;
    }
}
