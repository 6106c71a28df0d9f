//! One poll, one step: the water is hot, so note that, and grind in the next poll.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

pub fn coffee<B, F, G>(boil: B, grind: F) -> Coffee<B, F, G>
where
    B: Future<Output = Water>,
    F: FnOnce(&Water) -> G,
    G: Future<Output = Grounds>,
{
    Coffee { polled: false, step: Step::Boiling { boil, grind: Some(grind) } }
}

pin_project! {
    pub struct Coffee<B, F, G> {
        polled: bool,
        #[pin]
        step: Step<B, F, G>,
    }
}

pin_project! {
    #[project = Now]
    enum Step<B, F, G> {
        Boiling { #[pin] boil: B, grind: Option<F> },
        Grinding { water: Option<Water>, #[pin] grinding: G },
        Finished,
    }
}

impl<B, F, G> Coffee<B, F, G> {
    pub fn stage(&self) -> Stage {
        match self.step {
            Step::Boiling { .. } if !self.polled => Stage::Created,
            Step::Boiling { .. } => Stage::Boiling,
            Step::Grinding { .. } => Stage::Grinding,
            Step::Finished => Stage::Finished,
        }
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
        let mut this = self.project();
        *this.polled = true;
        match this.step.as_mut().project() {
            Now::Boiling { boil, grind } => {
                let water = ready!(boil.poll(cx));
                let grinding = (grind.take().unwrap())(&water);
                this.step.set(Step::Grinding { water: Some(water), grinding });
                Poll::Pending
            }
            Now::Grinding { water, grinding } => {
                let grounds = ready!(grinding.poll(cx));
                let water = water.take().unwrap();
                this.step.set(Step::Finished);
                Poll::Ready(Cup { water, grounds })
            }
            Now::Finished => panic!("polled after the end"),
        }
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
