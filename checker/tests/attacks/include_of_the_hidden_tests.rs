//! exercise: hello_async
//! tries: Includes the hidden tests and the solution as text, to print them.
//! must: The macro is refused, with its line.
//! verdict: does_not_compile
//! says: policy-macro

const TESTS: &str = include_str!("@KIT@/tests/hello_async/hidden.rs");
const SOLUTION: &[u8] = include_bytes!("@KIT@/solutions/01_first_awaits/hello_async.rs");

fn attack() {
    println!("BREACH {TESTS} {SOLUTION:?}");
}

pub async fn simple_task(_: &kit::Log) {
    attack();
}

pub fn run(_: &tokio::runtime::Runtime, _: &kit::Log) {
    attack();
}
