//! exercise: yield_now
//! tries: Changes owners, rights and the root of its world, and opens devices that it makes room for.
//! must: It has no right that a guest has not.
//! verdict: failed|crashed

use std::fs::{self, Permissions};
use std::future::Future;
use std::os::unix::fs::{PermissionsExt, chown, chroot};
use std::pin::Pin;
use std::task::{Context, Poll};

fn attack() {
    let this = std::env::args().next().unwrap_or_default();
    let _ = fs::create_dir("/tmp/root");
    let _ = fs::write("/tmp/mine", "x");
    let tried = [
        ("chroot", chroot("/tmp/root").is_ok()),
        ("chown", chown("/tmp/mine", Some(0), Some(0)).is_ok()),
        ("chmod of the program", fs::set_permissions(&this, Permissions::from_mode(0o777)).is_ok()),
        ("chmod of the root", fs::set_permissions("/", Permissions::from_mode(0o777)).is_ok()),
    ];
    for (what, _) in tried.iter().filter(|(_, done)| *done) {
        println!("BREACH {what}");
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
