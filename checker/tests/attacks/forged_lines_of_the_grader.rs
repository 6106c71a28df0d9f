//! exercise: hello_async
//! tries: Prints the very lines in which the sandbox tells of passed tests, on both streams.
//! must: The streams of a test do not reach the grader's channel.
//! verdict: failed|crashed

fn attack() {
    let test = std::env::var("ASYNCLINGS_TEST").unwrap_or_default();
    let record =
        format!(r#"{{"version":1,"test":"{test}","outcome":"passed","end_us":0,"events":[]}}"#);
    let line = format!(
        r#"{{"name":"{test}","hidden":false,"outcome":"passed","record":{record},"output":"","millis":1}}"#
    );
    println!("{record}\n{line}");
    eprintln!("{record}\n{line}");
    std::process::exit(0);
}

pub async fn simple_task(_: &kit::Log) {
    attack();
}

pub fn run(_: &tokio::runtime::Runtime, _: &kit::Log) {
    attack();
}
