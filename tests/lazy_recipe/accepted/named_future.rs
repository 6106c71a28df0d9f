//! A named type with a state for each stage, projected by pin-project-lite.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use kit::Log;
use pin_project_lite::pin_project;
use tokio::time::{Sleep, sleep};

pub const COOKING: Duration = Duration::from_secs(1);

pin_project! {
    pub struct Recipe<'a> {
        log: &'a Log,
        dish: &'a str,
        #[pin]
        stove: Option<Sleep>,
    }
}

impl Future for Recipe<'_> {
    type Output = String;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<String> {
        let mut this = self.project();
        if this.stove.is_none() {
            this.log.add(format!("cooking {}", this.dish));
            this.stove.set(Some(sleep(COOKING)));
        }
        let heat = this.stove.as_pin_mut().expect("lit above");
        ready!(heat.poll(cx));
        Poll::Ready(format!("hot {}", this.dish))
    }
}

pub fn prepare<'a>(log: &'a Log, dish: &'a str) -> Recipe<'a> {
    log.add(format!("ordered {dish}"));
    Recipe { log, dish, stove: None }
}

pub async fn serve(log: &Log, open: bool) -> Option<String> {
    let recipe = prepare(log, "soup");
    if !open {
        return None;
    }
    recipe.await.into()
}
