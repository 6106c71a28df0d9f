//! No async block: `poll_fn` with the timer kept between polls.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Poll, ready};
use std::time::Duration;

use kit::Log;
use tokio::time::{Sleep, sleep};

pub const COOKING: Duration = Duration::from_secs(1);

pub fn prepare<'a>(log: &'a Log, dish: &'a str) -> impl Future<Output = String> + 'a {
    log.add(format!("ordered {dish}"));
    let mut stove: Option<Pin<Box<Sleep>>> = None;
    poll_fn(move |cx| {
        let heat = stove.get_or_insert_with(|| {
            log.add(format!("cooking {dish}"));
            Box::pin(sleep(COOKING))
        });
        ready!(heat.as_mut().poll(cx));
        Poll::Ready(format!("hot {dish}"))
    })
}

pub async fn serve(log: &Log, open: bool) -> Option<String> {
    let recipe = prepare(log, "soup");
    match open {
        true => Some(recipe.await),
        false => {
            drop(recipe);
            None
        }
    }
}
