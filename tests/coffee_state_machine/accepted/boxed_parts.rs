//! Each part in a box of its own: then the states may be taken out and put back.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

pub fn coffee<B, F, G>(boil: B, grind: F) -> Coffee<B, F, G>
where
    B: Future<Output = Water>,
    F: FnOnce(&Water) -> G,
    G: Future<Output = Grounds>,
{
    Coffee(State::Created(Box::pin(boil), grind))
}

pub struct Coffee<B, F, G>(State<B, F, G>);

impl<B, F, G> Unpin for Coffee<B, F, G> {}

enum State<B, F, G> {
    Created(Pin<Box<B>>, F),
    Boiling(Pin<Box<B>>, F),
    Grinding(Water, Pin<Box<G>>),
    Finished,
}

impl<B, F, G> Coffee<B, F, G> {
    pub fn stage(&self) -> Stage {
        match self.0 {
            State::Created(..) => Stage::Created,
            State::Boiling(..) => Stage::Boiling,
            State::Grinding(..) => Stage::Grinding,
            State::Finished => Stage::Finished,
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
            self.0 = match std::mem::replace(&mut self.0, State::Finished) {
                State::Created(boil, grind) => State::Boiling(boil, grind),
                State::Boiling(mut boil, grind) => match boil.as_mut().poll(cx) {
                    Poll::Ready(water) => {
                        drop(boil);
                        let grinding = Box::pin(grind(&water));
                        State::Grinding(water, grinding)
                    }
                    Poll::Pending => {
                        self.0 = State::Boiling(boil, grind);
                        return Poll::Pending;
                    }
                },
                State::Grinding(water, mut grinding) => match grinding.as_mut().poll(cx) {
                    Poll::Ready(grounds) => return Poll::Ready(Cup { water, grounds }),
                    Poll::Pending => {
                        self.0 = State::Grinding(water, grinding);
                        return Poll::Pending;
                    }
                },
                State::Finished => panic!("over"),
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
