//! exercise: hello_async
//! tries: Names crates that come with the compiler: its own parts, the test harness, the macro bridge.
//! must: Only the standard library is there.
//! verdict: does_not_compile

#![feature(rustc_private, test)]

extern crate proc_macro;
extern crate rustc_driver;
extern crate test;

pub fn run(_: &tokio::runtime::Runtime, _: &kit::Log) {
    println!("BREACH {:?}", test::TestName);
}
