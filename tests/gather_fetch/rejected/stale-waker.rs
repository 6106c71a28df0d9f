//! "Each request has its own waker, which wakes the parent that I have first seen."
use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

/// Asks a slow server. Leave this one as it is.
pub async fn fetch_data(name: &str, delay: Duration) -> String {
    let _span = kit::span(name); // draws a bar
    tokio::time::sleep(delay).await;
    format!("data of {name}")
}

struct Child {
    woken: AtomicBool,
    parent: Waker,
}
impl Wake for Child {
    fn wake(self: Arc<Self>) {
        self.woken.store(true, Ordering::SeqCst);
        self.parent.wake_by_ref();
    }
}
async fn numbered(reqs: &[(&str, Duration)], mut done: impl FnMut(usize, String)) {
    let mut running: Vec<_> = reqs
        .iter()
        .enumerate()
        .map(|(i, (n, d))| (i, None::<Arc<Child>>, Box::pin(fetch_data(n, *d))))
        .collect();
    poll_fn(|cx| {
        running.retain_mut(|(i, child, future)| {
            let child = child.get_or_insert_with(|| {
                Arc::new(Child { woken: AtomicBool::new(true), parent: cx.waker().clone() })
            });
            if !child.woken.swap(false, Ordering::SeqCst) {
                return true;
            }
            match future.as_mut().poll(&mut Context::from_waker(&Waker::from(child.clone()))) {
                Poll::Ready(page) => {
                    done(*i, page);
                    false
                }
                Poll::Pending => true,
            }
        });
        if running.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}
pub async fn gather(reqs: &[(&str, Duration)]) -> Vec<String> {
    let mut pages = vec![String::new(); reqs.len()];
    numbered(reqs, |i, page| pages[i] = page).await;
    pages
}
pub async fn as_completed(reqs: &[(&str, Duration)], mut on_done: impl FnMut(String)) {
    numbered(reqs, |_, page| on_done(page)).await;
}
