//! coffee_state_machine: the reference answer.
//!
//! An enum with a variant for each place where the function can stop. Its
//! variables are the fields, and `poll` is the function, begun in the middle.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

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
    Coffee::Created { boil, grind }
}

pin_project! {
    /// The future that [`coffee`] returns: in each stage it holds what is still
    /// needed from there on, and nothing else. What a stage has used up is dropped
    /// by the end of the poll that ends the stage.
    #[project = Now]
    #[project_replace = Before]
    #[must_use = "a future does nothing until it is awaited"]
    pub enum Coffee<B, F, G> {
        /// The arguments. Not `#[pin]`: nobody has polled `boil`, so it may
        /// still move, and it does, into the next variant.
        Created { boil: B, grind: F },
        /// `boil` is being polled. From here on it stays where it is.
        Boiling { #[pin] boil: B, grind: F },
        /// The water lives across the second await, so it is a field.
        Grinding { water: Water, #[pin] grinding: G },
        /// Nothing is left.
        Finished,
    }
}

impl<B, F, G> Coffee<B, F, G> {
    /// How far it has come.
    pub fn stage(&self) -> Stage {
        match self {
            Coffee::Created { .. } => Stage::Created,
            Coffee::Boiling { .. } => Stage::Boiling,
            Coffee::Grinding { .. } => Stage::Grinding,
            Coffee::Finished => Stage::Finished,
        }
    }

    /// Takes the stage out and leaves `Finished` behind. What may move is in
    /// the result; what is pinned has been dropped in its place.
    fn take(self: Pin<&mut Self>) -> Before<B, F, G> {
        self.project_replace(Coffee::Finished)
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
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Cup> {
        // Each turn of the loop is one stage. The only ways out are a part that
        // is Pending, which then has the waker, and the cup. To return Pending
        // between two stages would be a promise that nobody keeps.
        loop {
            match self.as_mut().project() {
                Now::Created { .. } => {
                    if let Before::Created { boil, grind } = self.as_mut().take() {
                        self.set(Coffee::Boiling { boil, grind });
                    }
                }
                Now::Boiling { boil, .. } => {
                    let water = ready!(boil.poll(cx));
                    // Taken out before it is called: a `grind` that panics
                    // leaves a coffee that is over, not one that boils again.
                    if let Before::Boiling { grind, .. } = self.as_mut().take() {
                        let grinding = grind(&water);
                        self.set(Coffee::Grinding { water, grinding });
                    }
                }
                Now::Grinding { grinding, .. } => {
                    let grounds = ready!(grinding.poll(cx));
                    if let Before::Grinding { water, .. } = self.as_mut().take() {
                        return Poll::Ready(Cup { water, grounds });
                    }
                }
                Now::Finished => panic!("a coffee was polled after it was Ready"),
            }
        }
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
