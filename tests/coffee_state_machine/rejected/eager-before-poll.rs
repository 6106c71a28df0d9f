//! The water may as well be put on at once: then it boils while others talk.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};

use pin_project_lite::pin_project;

pub fn coffee<B, F, G>(boil: B, grind: F) -> Coffee<B, F, G>
where
    B: Future<Output = Water>,
    F: FnOnce(&Water) -> G,
    G: Future<Output = Grounds>,
{
    let mut boil = Box::pin(boil);
    let hot = boil.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    let water = match hot {
        Poll::Ready(water) => Some(water),
        Poll::Pending => None,
    };
    Coffee { stage: Stage::Created, boil, grind: Some(grind), water, grinding: None }
}

pin_project! {
    pub struct Coffee<B, F, G> {
        stage: Stage,
        boil: Pin<Box<B>>,
        grind: Option<F>,
        water: Option<Water>,
        #[pin]
        grinding: Option<G>,
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
    F: FnOnce(&Water) -> G,
    G: Future<Output = Grounds>,
{
    type Output = Cup;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Cup> {
        let mut this = self.project();
        if this.grind.is_some() && this.water.is_none() {
            *this.stage = Stage::Boiling;
            *this.water = Some(ready!(this.boil.as_mut().poll(cx)));
        }
        if let Some(grind) = this.grind.take() {
            this.grinding.set(Some(grind(this.water.as_ref().unwrap())));
            *this.stage = Stage::Grinding;
        }
        let grounds = ready!(this.grinding.as_mut().as_pin_mut().unwrap().poll(cx));
        this.grinding.set(None);
        *this.stage = Stage::Finished;
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
