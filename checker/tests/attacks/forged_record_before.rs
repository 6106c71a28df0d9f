//! exercise: hello_async
//! tries: Writes a record that says passed where the kit would, and exits with 0 before the kit can.
//! must: A record without the seal is no record.
//! verdict: failed|crashed

fn attack() {
    let test = std::env::var("ASYNCLINGS_TEST").unwrap_or_default();
    let path = std::env::var("ASYNCLINGS_RECORD").unwrap_or_default();
    let record =
        format!(r#"{{"version":1,"test":"{test}","outcome":"passed","end_us":0,"events":[]}}"#);
    let _ = std::fs::write(path, record);
    std::process::exit(0);
}

pub async fn simple_task(_: &kit::Log) {
    attack();
}

pub fn run(_: &tokio::runtime::Runtime, _: &kit::Log) {
    attack();
}
