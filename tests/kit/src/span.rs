//! Names for pieces of work, so that the timeline can show them.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;
use record::Kind;

use crate::recorder::{self, Recorder};

/// Marks a piece of work: it begins here and ends when the guard is dropped.
///
/// Shows as a bar in the timeline of a failed test. Without a test it does
/// nothing.
///
/// ```
/// # use std::time::Duration;
/// async fn fetch(name: &str) {
///     let _span = kit::span(name);
///     tokio::time::sleep(Duration::from_secs(2)).await;
/// }
/// ```
#[must_use = "a span ends when it is dropped: keep it in a variable"]
pub fn span(label: impl Into<String>) -> Span {
    let label = label.into();
    let recorder = recorder::current();
    if let Some(recorder) = &recorder {
        recorder.event(&label, Kind::Created);
    }
    Span { label, recorder }
}

/// A piece of work under way; see [`span`].
pub struct Span {
    label: String,
    recorder: Option<Arc<Recorder>>,
}

impl Drop for Span {
    fn drop(&mut self) {
        if let Some(recorder) = &self.recorder {
            recorder.event(&self.label, Kind::Dropped);
        }
    }
}

/// Writes a line of the test's own into the record: what it did between two polls.
pub fn note(text: impl AsRef<str>) {
    recorder::event(text.as_ref(), Kind::Note);
}

/// Records every poll of `future`, what it returned, and how it ended.
pub fn traced<F: Future>(label: impl Into<String>, future: F) -> Traced<F> {
    let life = Life { span: span(label), done: false };
    Traced { future, life }
}

pin_project! {
    /// A future whose life is recorded; see [`traced`].
    pub struct Traced<F> {
        #[pin]
        future: F,
        life: Life,
    }
}

/// Tells at the end whether the future was done. Its own type, because a
/// pinned type may not have a `Drop` of its own here.
struct Life {
    span: Span,
    done: bool,
}

impl Life {
    fn event(&self, kind: Kind) {
        if let Some(recorder) = &self.span.recorder {
            recorder.event(&self.span.label, kind);
        }
    }
}

impl Drop for Life {
    fn drop(&mut self) {
        if !self.done {
            self.event(Kind::Cancelled);
        }
    }
}

impl<F: Future> Future for Traced<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        this.life.event(Kind::Polled);
        let result = this.future.poll(cx);
        this.life.done = result.is_ready();
        this.life.event(if result.is_ready() { Kind::Ready } else { Kind::Pending });
        result
    }
}
