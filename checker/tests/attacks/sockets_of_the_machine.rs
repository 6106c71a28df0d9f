//! exercise: yield_now
//! tries: Connects to sockets of this machine by their paths, and by a name that is no path.
//! must: No socket can be made that could leave the world.
//! verdict: failed|crashed

use std::future::Future;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram, UnixListener, UnixStream};
use std::pin::Pin;
use std::task::{Context, Poll};

fn attack() {
    for path in ["@UNIX@", "/run/systemd/private", "/var/run/docker.sock", "/tmp/.X11-unix/X0"] {
        if UnixStream::connect(path).is_ok() {
            println!("BREACH {path}");
        }
    }
    let name = SocketAddr::from_abstract_name("@ABSTRACT@");
    if name.is_ok_and(|name| UnixStream::connect_addr(&name).is_ok()) {
        println!("BREACH a name");
    }
    if UnixDatagram::unbound().is_ok() || UnixListener::bind("/tmp/socket").is_ok() {
        println!("BREACH a socket of its own");
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
