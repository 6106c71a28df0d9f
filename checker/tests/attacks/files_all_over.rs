//! exercise: yield_now
//! tries: Writes, makes links and folders, and removes files in every place that it can think of.
//! must: Nothing but its own scratch folder can be written.
//! verdict: failed|crashed

use std::fs;
use std::future::Future;
use std::os::unix::fs::symlink;
use std::pin::Pin;
use std::task::{Context, Poll};

fn attack() {
    let this = std::env::args().next().unwrap_or_default();
    let above = std::path::Path::new(&this).parent().map(|p| p.display().to_string());
    let above = above.unwrap_or_default();
    for place in [
        "",
        "/usr/lib",
        "/lib",
        "/dev",
        "/etc",
        "/root",
        "/home",
        "/var/tmp",
        "/tmp/..",
        "@KIT@",
        "@KIT@/tests/slot",
        "@STATE@",
        "@STATE@/verdicts",
        "@STATE@/work/yield_now/0",
        "@BESIDE@",
        "@HOME@",
        "@TEMP@",
        &above,
    ] {
        let file = format!("{place}/written_by_an_answer");
        if fs::write(&file, "x").is_ok()
            || fs::create_dir(&file).is_ok()
            || symlink("/tmp", &file).is_ok()
        {
            println!("BREACH {file}");
        }
    }
    for file in ["@TEMP@/canary", "@HOME@/canary", "@BESIDE@/canary", "@KIT@/Cargo.toml", &this] {
        let gone = fs::remove_file(file).is_ok() || fs::rename(file, "/tmp/taken").is_ok();
        if gone || fs::OpenOptions::new().append(true).open(file).is_ok() {
            println!("BREACH {file}");
        }
    }
}

pub struct YieldNow;

pub fn yield_now() -> YieldNow {
    YieldNow
}

impl Future for YieldNow {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        attack();
        Poll::Ready(())
    }
}
