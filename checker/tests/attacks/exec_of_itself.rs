//! exercise: yield_now
//! tries: Becomes itself anew, without the word that asks for a seal, so that the kit writes a plain record that is believed.
//! must: A record without a seal is none, whoever wrote it.
//! verdict: crashed|failed|hung

use std::env;
use std::future::Future;
use std::os::unix::process::CommandExt;
use std::pin::Pin;
use std::process::Command;
use std::task::{Context, Poll};

fn attack() {
    if env::var("ASYNCLINGS_SEALED").is_err() {
        std::process::exit(0);
    }
    let this = env::args().next().unwrap_or_default();
    let error = Command::new(this)
        .args(["--exact", "hidden::there_is_no_such_test"])
        .env_remove("ASYNCLINGS_SEALED")
        .exec();
    println!("{error}");
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
