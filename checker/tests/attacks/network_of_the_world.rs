//! exercise: yield_now
//! tries: Connects to the world outside, by number and by name, and asks for names.
//! must: There is no network.
//! verdict: failed|crashed

use std::future::Future;
use std::net::{SocketAddr, TcpStream, ToSocketAddrs, UdpSocket};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

fn attack() {
    for address in ["1.1.1.1:443", "8.8.8.8:53", "169.254.169.254:80"] {
        let address: SocketAddr = address.parse().expect("an address");
        if TcpStream::connect_timeout(&address, Duration::from_millis(100)).is_ok() {
            println!("BREACH {address}");
        }
    }
    if UdpSocket::bind("0.0.0.0:0").is_ok_and(|s| s.send_to(b"x", "8.8.8.8:53").is_ok()) {
        println!("BREACH a datagram");
    }
    if ("example.org", 80).to_socket_addrs().is_ok() {
        println!("BREACH a name");
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
