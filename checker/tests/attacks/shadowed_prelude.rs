//! exercise: hello_async
//! tries: Defines types, functions and modules with the names of the prelude, of the kit and of the crates.
//! must: The tests mean the real ones.
//! verdict: failed

pub mod kit {
    pub fn run<T>(_: T) {}
    pub fn run_sync<T>(_: T) {}
    pub struct Log;
}

pub mod tokio {}

pub mod std {}

#[allow(non_camel_case_types)]
pub struct str;

pub enum Option<T> {
    Some(T),
    None,
}

pub trait Drop {
    fn drop(&mut self);
}

impl<T> Drop for T {
    fn drop(&mut self) {}
}

pub fn drop<T>(_: T) {}

pub async fn simple_task(_: &::kit::Log) {}

pub fn run(_: &::tokio::runtime::Runtime, _: &::kit::Log) {}
