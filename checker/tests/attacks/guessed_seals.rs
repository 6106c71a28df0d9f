//! exercise: hello_async
//! tries: Seals a forged record with nothing, with noughts, with the test's name, and with many seals at once.
//! must: No guess opens the record.
//! verdict: failed|crashed

use std::{env, fs};

fn attack() {
    let test = env::var("ASYNCLINGS_TEST").unwrap_or_default();
    let path = env::var("ASYNCLINGS_RECORD").unwrap_or_default();
    let record =
        format!(r#"{{"version":1,"test":"{test}","outcome":"passed","end_us":0,"events":[]}}"#);
    let guesses = [String::new(), "0".repeat(64), test, format!("{:064x}", 7)];
    let text: Vec<String> = guesses.iter().map(|seal| format!("{record}\n{seal}\n")).collect();
    let _ = fs::write(path, text.concat());
    std::process::exit(0);
}

pub async fn simple_task(_: &kit::Log) {
    attack();
}

pub fn run(_: &tokio::runtime::Runtime, _: &kit::Log) {
    attack();
}
