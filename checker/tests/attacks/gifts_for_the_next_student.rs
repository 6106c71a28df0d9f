//! exercise: yield_now
//! tries: Leaves records, programs, libraries and settings wherever a later run might look for them.
//! must: The next answer finds a world as new as this one.
//! verdict: failed|crashed

use std::fs;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

fn attack() {
    for left in [
        "/tmp/records/99.json",
        "/tmp/libexercise.rlib",
        "/tmp/.cargo/config.toml",
        "/tmp/rustc",
        "/tmp/ld.so.preload",
        "/tmp/exercises/text/en/kit.toml",
        "/tmp/left_by_the_one_before",
    ] {
        if fs::metadata("/tmp/left_by_the_one_before").is_ok() && left.starts_with("/tmp/records") {
            println!("this world was used before, by a test of this answer");
        }
        let _ = std::path::Path::new(left).parent().map(fs::create_dir_all);
        let _ = fs::write(left, "poison");
    }
    std::process::exit(0);
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
