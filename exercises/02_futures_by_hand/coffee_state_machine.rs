//! coffee_state_machine: write what the compiler makes of an `async fn`.
//!
//! You know this from asyncio:
//!
//!     async def coffee(boil, grind):
//!         water = await boil
//!         grounds = await grind(water)
//!         return Cup(water, grounds)
//!
//! `inspect.getcoroutinestate` tells how far such a coroutine has come:
//! created, suspended, closed. It is an object that remembers its place. So is
//! a future, and here you build that object: no `async` and no `.await`.
//!
//!     Created ──► Boiling ──────────► Grinding ──────────► Finished
//!                 `boil` is polled    what `grind` gave
//!                                     is polled
//!
//! Two things make it more than a list of steps. Each stage has values of its
//! own, so ask for each: what does it still need? And between two stages no
//! event happens. Nobody calls you there. So whoever enters a stage must see to
//! it that it is polled.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Boils with `boil`. Grinds with the future that `grind` makes after a look at
/// the water. Pours a cup of both.
///
/// The call does none of it: all begins with the first poll. A part need not be
/// `Unpin`, `Send` or `'static`, and neither need `grind`.
pub fn coffee<B, F, G>(boil: B, grind: F) -> Coffee<B, F, G>
where
    B: Future<Output = Water>,
    F: FnOnce(&Water) -> G,
    G: Future<Output = Grounds>,
{
    let _ = (boil, grind);
    todo!("the first stage")
}

/// The future that [`coffee`] returns: in each stage it holds what is still
/// needed from there on, and nothing else. What a stage has used up is dropped
/// by the end of the poll that ends the stage.
#[must_use = "a future does nothing until it is awaited"]
pub struct Coffee<B, F, G> {
    // TODO: make room for each stage. (The PhantomData only stands for "uses
    // B, F and G". Nothing says that this must be a struct.)
    parts: PhantomData<(B, F, G)>,
}

impl<B, F, G> Coffee<B, F, G> {
    /// How far it has come.
    pub fn stage(&self) -> Stage {
        todo!("look, and say it")
    }
}

impl<B, F, G> Future for Coffee<B, F, G>
where
    B: Future<Output = Water>,
    F: FnOnce(&Water) -> G,
    G: Future<Output = Grounds>,
{
    type Output = Cup;

    /// Polls the part whose turn it is. If that one is ready, the next has its
    /// turn in the same poll: `Pending` means that a part has just said so.
    ///
    /// A part that was `Ready` is not polled again, not even after a panic in
    /// `grind`. Whoever polls a coffee that is `Finished` gets a panic, as from an
    /// `async fn`.
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Cup> {
        let _ = cx;
        todo!("go as far as you can")
    }
}

/// How far a [`Coffee`] has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Never polled.
    Created,
    /// `boil` was polled and is not ready yet.
    Boiling,
    /// The water is hot, the grounds are not ready yet.
    Grinding,
    /// The cup was handed out.
    Finished,
}

/// Hot water. Not `Clone`: it goes from the kettle into the cup.
#[derive(Debug, PartialEq, Eq)]
pub struct Water {
    /// How hot it is.
    pub degrees: u32,
}

/// Ground coffee.
#[derive(Debug, PartialEq, Eq)]
pub struct Grounds {
    /// How much of it.
    pub grams: u32,
}

/// What all this was for.
#[derive(Debug, PartialEq, Eq)]
pub struct Cup {
    /// What `boil` gave.
    pub water: Water,
    /// What the future of `grind` gave.
    pub grounds: Grounds,
}
