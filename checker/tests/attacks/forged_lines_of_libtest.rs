//! exercise: hello_async
//! tries: Prints what a passed test prints, and exits with 0.
//! must: What is printed counts for nothing: a test without a sealed record ended early.
//! verdict: failed|crashed

fn attack() {
    println!("\nrunning 1 test");
    for test in ["visible::the_task_waits_one_second", "visible::run_returns_when_the_task_is_done"]
    {
        println!("test {test} ... ok");
    }
    println!("\ntest result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 6 filtered out\n");
    std::process::exit(0);
}

pub async fn simple_task(_: &kit::Log) {
    attack();
}

pub fn run(_: &tokio::runtime::Runtime, _: &kit::Log) {
    attack();
}
