//! "I poll all of them until all are ready."
use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

/// Asks a slow server. Leave this one as it is.
pub async fn fetch_data(name: &str, delay: Duration) -> String {
    let _span = kit::span(name); // draws a bar
    tokio::time::sleep(delay).await;
    format!("data of {name}")
}

pub async fn gather(reqs: &[(&str, Duration)]) -> Vec<String> {
    let mut running: Vec<_> = reqs.iter().map(|(n, d)| Box::pin(fetch_data(n, *d))).collect();
    let mut pages = vec![None; reqs.len()];
    poll_fn(|cx| {
        let mut all = true;
        for (i, f) in running.iter_mut().enumerate() {
            match f.as_mut().poll(cx) {
                Poll::Ready(p) => pages[i] = Some(p),
                Poll::Pending => all = false,
            }
        }
        if all { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    pages.into_iter().flatten().collect()
}

pub async fn as_completed(reqs: &[(&str, Duration)], mut on_done: impl FnMut(String)) {
    use futures::StreamExt;
    let mut all: futures::stream::FuturesUnordered<_> =
        reqs.iter().map(|(n, d)| fetch_data(n, *d)).collect();
    while let Some(page) = all.next().await {
        on_done(page);
    }
}
