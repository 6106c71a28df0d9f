//! exercise: hello_async
//! tries: Panics with a message of fifty million characters, and with signs that would write over a terminal.
//! must: A record of such a size is none, and what is shown is plain text.
//! verdict: failed|crashed|hung

fn attack() {
    let wipe = "\u{1b}[2J\u{1b}[H\u{1b}]0;passed\u{7}\r\u{202e}";
    eprintln!("{wipe}");
    match std::env::var("ASYNCLINGS_TEST").unwrap_or_default().starts_with("hidden") {
        true => panic!("{}", "x".repeat(50_000_000)),
        false => panic!("{wipe}<script>alert(1)</script>"),
    }
}

pub async fn simple_task(_: &kit::Log) {
    attack();
}

pub fn run(_: &tokio::runtime::Runtime, _: &kit::Log) {
    attack();
}
