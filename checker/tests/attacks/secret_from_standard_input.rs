//! exercise: hello_async
//! tries: Reads standard input to its end, in search of the secret that seals records.
//! must: The kit read it before any line of the answer ran; nothing is left.
//! verdict: failed|crashed

use std::io::{self, Read};

fn attack() {
    let mut all = Vec::new();
    let _ = io::stdin().lock().read_to_end(&mut all);
    if !all.is_empty() {
        println!("BREACH the secret: {}", String::from_utf8_lossy(&all));
    }
}

pub async fn simple_task(_: &kit::Log) {
    attack();
}

pub fn run(_: &tokio::runtime::Runtime, _: &kit::Log) {
    attack();
}
