//! race_and_deadline: the reference answer.
//!
//! Both racers stand in one `Option`, each in its place. Whoever wins, emptying
//! that one place drops both. And a deadline is a race against a timer.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use pin_project_lite::pin_project;
use tokio::time::sleep;

/// What came first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Either<L, R> {
    Left(L),
    Right(R),
}

/// The time was up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elapsed;

/// Waits for whichever of the two is ready first, and drops the other one.
pub fn race<A: Future, B: Future>(a: A, b: B) -> Race<A, B> {
    Race { racers: Some(Racers { a, b }) }
}

pin_project! {
    /// The future that [`race`] returns.
    #[must_use = "a future does nothing until it is awaited"]
    pub struct Race<A, B> {
        // None when the race is over.
        #[pin]
        racers: Option<Racers<A, B>>,
    }
}

pin_project! {
    // Not in boxes: these two lie in the race itself. If the race is pinned, so
    // are they, and `project` hands out their places without moving them.
    struct Racers<A, B> {
        #[pin]
        a: A,
        #[pin]
        b: B,
    }
}

impl<A: Future, B: Future> Future for Race<A, B> {
    type Output = Either<A::Output, B::Output>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut place = self.project().racers;
        let racers = place.as_mut().as_pin_mut().expect("a race that is over is not polled");
        let racers = racers.project();
        let winner = match racers.a.poll(cx) {
            // Asked first, so it wins when both are there.
            Poll::Ready(output) => Either::Left(output),
            // Not `Pending` yet: the other one must have the waker, too.
            Poll::Pending => match racers.b.poll(cx) {
                Poll::Ready(output) => Either::Right(output),
                Poll::Pending => return Poll::Pending,
            },
        };
        // What is pinned cannot be taken out, for that would move it. But it can
        // be dropped where it is. Now, and not when somebody drops the race.
        place.set(None);
        Poll::Ready(winner)
    }
}

/// What `future` gives, if it gives it in time.
pub async fn deadline<F: Future>(limit: Duration, future: F) -> Result<F::Output, Elapsed> {
    // One timer for the whole wait: `race` keeps it from one poll to the next.
    // The future is on the left, so at the last instant it is still in time.
    match race(future, sleep(limit)).await {
        Either::Left(output) => Ok(output),
        Either::Right(()) => Err(Elapsed),
    }
}
