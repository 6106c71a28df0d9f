//! A channel with one place, which only the stream reads.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures::Stream;
use pin_project_lite::pin_project;
use tokio::sync::mpsc::{self, Receiver, Sender};

pub struct Yielder<T> {
    places: Sender<T>,
}

impl<T> Yielder<T> {
    pub fn emit(&mut self, value: T) -> Emit<'_, T> {
        Emit { places: &self.places, value: Some(value), sent: false }
    }
}

#[must_use = "a value is handed out when this is awaited, and not before"]
pub struct Emit<'y, T> {
    places: &'y Sender<T>,
    value: Option<T>,
    sent: bool,
}

impl<T> Unpin for Emit<'_, T> {}

impl<T> Future for Emit<'_, T> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        let places = self.places;
        if self.sent {
            return if places.capacity() == 1 { Poll::Ready(()) } else { Poll::Pending };
        }
        if let Ok(place) = places.try_reserve() {
            self.sent = true;
            place.send(self.value.take().unwrap());
        }
        Poll::Pending
    }
}

pin_project! {
    pub struct AsyncGen<T, Fut> {
        values: Receiver<T>,
        #[pin]
        body: futures::future::Fuse<Fut>,
    }
}

pub fn generator<T, F, Fut>(body: F) -> AsyncGen<T, Fut>
where
    F: FnOnce(Yielder<T>) -> Fut,
    Fut: Future<Output = ()>,
{
    let (places, values) = mpsc::channel(1);
    AsyncGen { values, body: futures::FutureExt::fuse(body(Yielder { places })) }
}

impl<T, Fut: Future<Output = ()>> Stream for AsyncGen<T, Fut> {
    type Item = T;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let this = self.project();
        let body = futures::future::FusedFuture::is_terminated(&this.body);
        let ended = body || this.body.poll(cx).is_ready();
        if let Ok(value) = this.values.try_recv() {
            return Poll::Ready(Some(value));
        }
        if ended { Poll::Ready(None) } else { Poll::Pending }
    }
}
