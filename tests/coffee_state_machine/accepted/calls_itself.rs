//! No loop: a stage that has ended polls the coffee once more, within the same poll.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

pub fn coffee<B, F, G>(boil: B, grind: F) -> Coffee<B, F, G>
where
    B: Future<Output = Water>,
    F: FnOnce(&Water) -> G,
    G: Future<Output = Grounds>,
{
    Coffee { polled: false, step: Step::Boil { boil, grind: Some(grind) } }
}

pin_project! {
    pub struct Coffee<B, F, G> {
        polled: bool,
        #[pin]
        step: Step<B, F, G>,
    }
}

pin_project! {
    #[project = At]
    enum Step<B, F, G> {
        Boil { #[pin] boil: B, grind: Option<F> },
        Grind { #[pin] grinding: G, water: Option<Water> },
        Over,
    }
}

impl<B, F, G> Coffee<B, F, G> {
    pub fn stage(&self) -> Stage {
        match self.step {
            Step::Boil { .. } if !self.polled => Stage::Created,
            Step::Boil { .. } => Stage::Boiling,
            Step::Grind { .. } => Stage::Grinding,
            Step::Over => Stage::Finished,
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

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Cup> {
        let mut this = self.as_mut().project();
        *this.polled = true;
        match this.step.as_mut().project() {
            At::Boil { boil, grind } => match boil.poll(cx) {
                Poll::Pending => Poll::Pending,
                Poll::Ready(water) => {
                    let grind = grind.take().unwrap();
                    this.step.set(Step::Over);
                    let grinding = grind(&water);
                    this.step.set(Step::Grind { grinding, water: Some(water) });
                    self.poll(cx)
                }
            },
            At::Grind { grinding, water } => match grinding.poll(cx) {
                Poll::Pending => Poll::Pending,
                Poll::Ready(grounds) => {
                    let water = water.take().unwrap();
                    this.step.set(Step::Over);
                    Poll::Ready(Cup { water, grounds })
                }
            },
            At::Over => unreachable!("a coffee is poured once"),
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
