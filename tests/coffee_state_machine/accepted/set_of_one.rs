//! Each part in a set of one: after a poll that was no use such a set wants one turn more.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures::StreamExt;
use futures::stream::FuturesUnordered;

pub fn coffee<B, F, G>(boil: B, grind: F) -> Coffee<B, F, G>
where
    B: Future<Output = Water>,
    F: FnOnce(&Water) -> G,
    G: Future<Output = Grounds>,
{
    Coffee {
        stage: Stage::Created,
        boil: [boil].into_iter().collect(),
        grind: Some(grind),
        water: None,
        grinding: FuturesUnordered::new(),
    }
}

pub struct Coffee<B, F, G> {
    stage: Stage,
    boil: FuturesUnordered<B>,
    grind: Option<F>,
    water: Option<Water>,
    grinding: FuturesUnordered<G>,
}

impl<B, F, G> Unpin for Coffee<B, F, G> {}

impl<B, F, G> Coffee<B, F, G> {
    pub fn stage(&self) -> Stage {
        self.stage
    }
}

impl<B, F, G> Future for Coffee<B, F, G>
where
    B: Future<Output = Water>,
    F: FnOnce(&Water) -> G,
    G: Future<Output = Grounds>,
{
    type Output = Cup;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Cup> {
        let this = self.get_mut();
        assert_ne!(this.stage, Stage::Finished, "the cup was handed out");
        if !this.boil.is_empty() {
            this.stage = Stage::Boiling;
            let Some(water) = ready!(this.boil.poll_next_unpin(cx)) else { unreachable!() };
            let grind = this.grind.take().unwrap();
            this.grinding.push(grind(&water));
            this.water = Some(water);
            this.stage = Stage::Grinding;
        }
        let Some(grounds) = ready!(this.grinding.poll_next_unpin(cx)) else { unreachable!() };
        this.stage = Stage::Finished;
        Poll::Ready(Cup { water: this.water.take().unwrap(), grounds })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Created,
    Boiling,
    Grinding,
    Finished,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Water {
    pub degrees: u32,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Grounds {
    pub grams: u32,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Cup {
    pub water: Water,
    pub grounds: Grounds,
}
