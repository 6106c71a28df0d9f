//! "What a future holds is 'static": so says everybody who spawns.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

pub fn coffee<B, F, G>(boil: B, grind: F) -> Coffee<B, F, G>
where
    B: Future<Output = Water> + 'static,
    F: FnOnce(&Water) -> G,
    G: Future<Output = Grounds> + 'static,
{
    Coffee {
        stage: Stage::Created,
        boil: Some(boil),
        grind: Some(grind),
        water: None,
        grinding: None,
    }
}

pin_project! {
    pub struct Coffee<B, F, G> {
        stage: Stage,
        #[pin]
        boil: Option<B>,
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
    B: Future<Output = Water> + 'static,
    F: FnOnce(&Water) -> G,
    G: Future<Output = Grounds> + 'static,
{
    type Output = Cup;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Cup> {
        let mut this = self.project();
        assert_ne!(*this.stage, Stage::Finished, "the cup was handed out");
        if let Some(boil) = this.boil.as_mut().as_pin_mut() {
            *this.stage = Stage::Boiling;
            let water = ready!(boil.poll(cx));
            this.boil.set(None);
            let grind = this.grind.take().unwrap();
            this.grinding.set(Some(grind(&water)));
            *this.water = Some(water);
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
