//! A stage is a wait, so it polls until the part is ready.

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
    Coffee::Created { parts: Some((boil, grind)) }
}

pin_project! {
    #[project = Now]
    pub enum Coffee<B, F, G> {
        Created { parts: Option<(B, F)> },
        Boiling { #[pin] boil: B, grind: Option<F> },
        Grinding { water: Option<Water>, #[pin] grinding: G },
        Finished,
    }
}

impl<B, F, G> Coffee<B, F, G> {
    pub fn stage(&self) -> Stage {
        match self {
            Coffee::Created { .. } => Stage::Created,
            Coffee::Boiling { .. } => Stage::Boiling,
            Coffee::Grinding { .. } => Stage::Grinding,
            Coffee::Finished => Stage::Finished,
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
        loop {
            match self.as_mut().project() {
                Now::Created { parts } => {
                    let (boil, grind) = parts.take().unwrap();
                    self.set(Coffee::Boiling { boil, grind: Some(grind) });
                }
                Now::Boiling { mut boil, grind } => {
                    let water = loop {
                        if let Poll::Ready(water) = boil.as_mut().poll(cx) {
                            break water;
                        }
                    };
                    let grinding = (grind.take().unwrap())(&water);
                    self.set(Coffee::Grinding { water: Some(water), grinding });
                }
                Now::Grinding { water, mut grinding } => {
                    let grounds = loop {
                        if let Poll::Ready(grounds) = grinding.as_mut().poll(cx) {
                            break grounds;
                        }
                    };
                    let cup = Cup { water: water.take().unwrap(), grounds };
                    self.set(Coffee::Finished);
                    return Poll::Ready(cup);
                }
                Now::Finished => panic!("polled after the end"),
            }
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
