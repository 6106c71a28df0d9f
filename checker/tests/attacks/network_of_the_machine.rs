//! exercise: yield_now
//! tries: Connects to ports of this machine, and listens on one.
//! must: There is no network.
//! verdict: failed|crashed

use std::future::Future;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::pin::Pin;
use std::task::{Context, Poll};

fn attack() {
    for host in ["127.0.0.1", "::1", "localhost", "0.0.0.0"] {
        if TcpStream::connect((host, "@TCP@".parse().unwrap_or(1))).is_ok() {
            println!("BREACH a connection to {host}");
        }
        if TcpListener::bind((host, 0)).is_ok() {
            println!("BREACH listening on {host}");
        }
    }
    if let Ok(socket) = UdpSocket::bind("127.0.0.1:0") {
        let _ = socket.send_to(b"hello", ("127.0.0.1", "@UDP@".parse().unwrap_or(1)));
        println!("BREACH a datagram");
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
