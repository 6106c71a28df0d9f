//! The water waits where the boiling was, in a MaybeDone.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures::future::MaybeDone;
use futures::future::maybe_done;
use pin_project_lite::pin_project;

pub fn coffee<B, F, G>(boil: B, grind: F) -> Coffee<B, F, G>
where
    B: Future<Output = Water>,
    F: FnOnce(&Water) -> G,
    G: Future<Output = Grounds>,
{
    Coffee { polled: false, grind: Some(grind), boil: maybe_done(boil), grinding: None }
}

pin_project! {
    pub struct Coffee<B: Future<Output = Water>, F, G> {
        polled: bool,
        grind: Option<F>,
        #[pin]
        boil: MaybeDone<B>,
        #[pin]
        grinding: Option<G>,
    }
}

impl<B: Future<Output = Water>, F, G> Coffee<B, F, G> {
    pub fn stage(&self) -> Stage {
        match (&self.boil, &self.grinding) {
            (MaybeDone::Future(_), _) if !self.polled => Stage::Created,
            (MaybeDone::Future(_), _) => Stage::Boiling,
            (MaybeDone::Done(_), _) => Stage::Grinding,
            (MaybeDone::Gone, _) => Stage::Finished,
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
        ready!(this.boil.as_mut().poll(cx));
        if let Some(grind) = this.grind.take() {
            let water = this.boil.as_mut().output_mut().expect("it is hot");
            this.grinding.set(Some(grind(water)));
        }
        let grinding = this.grinding.as_mut().as_pin_mut().expect("polled after the end");
        let grounds = ready!(grinding.poll(cx));
        this.grinding.set(None);
        let water = this.boil.take_output().expect("nobody has taken it");
        Poll::Ready(Cup { water, grounds })
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
