//! A runtime of tokio, made for this one call.

use std::future::Future;

pub fn block_on<F: Future>(fut: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime without drivers needs nothing").block_on(fut)
}
