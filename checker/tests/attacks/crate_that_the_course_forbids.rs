//! exercise: hello_async
//! tries: Uses a crate that this course does not allow, under another name, so that nobody sees it.
//! must: The compiler does not know the crate.
//! verdict: does_not_compile
//! crates: kit tokio

extern crate futures as f;

#[rustfmt::skip]
use {::async_stream as a};

pub async fn simple_task(_: &kit::Log) {
    f::future::ready(()).await;
    let _ = a::stream! { yield 1 };
}

pub fn run(_: &tokio::runtime::Runtime, _: &kit::Log) {}
