//! Type gates: calls that compile only if an answer meets a bound.
//!
//! The line that calls one ends with `// gate: PITFALL-ID`, so that the
//! compiler's refusal is told as that pitfall.

/// Compiles only for values that may move to another thread.
pub fn require_send<T: Send + ?Sized>(_: &T) {}

/// Compiles only for values that threads may share.
pub fn require_sync<T: Sync + ?Sized>(_: &T) {}

/// Compiles only for values that borrow nothing.
pub fn require_static<T: 'static>(_: &T) {}

/// Compiles only for values that may move after they were pinned.
pub fn require_unpin<T: Unpin + ?Sized>(_: &T) {}
