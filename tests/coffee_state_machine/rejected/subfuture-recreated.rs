//! The future of the grounds is made where it is polled, as in the function.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

pub fn coffee<B, F, G>(boil: B, grind: F) -> Coffee<B, F, G>
where
    B: Future<Output = Water>,
    F: Fn(&Water) -> G,
    G: Future<Output = Grounds>,
{
    Coffee { stage: Stage::Created, boil: Some(boil), grind, water: None, grinding: PhantomData }
}

pin_project! {
    pub struct Coffee<B, F, G> {
        stage: Stage,
        #[pin]
        boil: Option<B>,
        grind: F,
        water: Option<Water>,
        grinding: PhantomData<G>,
    }
}

impl<B, F, G> Coffee<B, F, G> {
    pub fn stage(&self) -> Stage {
        self.stage
    }
}

impl<B, F, G> Future for Coffee<B, F, G>
where
    B: Future<Output = Water>,
    F: Fn(&Water) -> G,
    G: Future<Output = Grounds>,
{
    type Output = Cup;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Cup> {
        let mut this = self.project();
        if let Some(boil) = this.boil.as_mut().as_pin_mut() {
            *this.stage = Stage::Boiling;
            *this.water = Some(ready!(boil.poll(cx)));
            this.boil.set(None);
            *this.stage = Stage::Grinding;
        }
        let water = this.water.take().expect("polled after the end");
        match pin!((this.grind)(&water)).poll(cx) {
            Poll::Ready(grounds) => {
                *this.stage = Stage::Finished;
                Poll::Ready(Cup { water, grounds })
            }
            Poll::Pending => {
                *this.water = Some(water);
                Poll::Pending
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
