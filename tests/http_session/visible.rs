//! What every learner sees: one page, and three at the same time.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};

use exercise::http_session::{Network, Session, fetch_multiple, request};
use futures::{FutureExt, join};
use kit::{blame, in_time, plainly, run, secs, span, timed, took};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, DuplexStream, duplex};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{Instant, sleep};

#[test]
fn a_page_is_asked_for_and_read() {
    run(async {
        let (net, mut server) = network();
        let session = Session::new(net);
        let start = Instant::now();
        let client = async {
            let response = session.get("/tea").await.expect("an answer");
            // The body is on its way.
            plainly().unless_eq((response.status, start.elapsed()), (404, secs(3)));
            plainly().unless_eq(response.text().await.as_deref(), Ok("no tea"));
        };
        let server = async {
            let mut peer = server.accepts().await;
            plainly().unless_eq(peer.reads_request().await, request("/tea"));
            let (head, body) = answer(404, "no tea");
            sleep(secs(2)).await;
            peer.sends(&head).await;
            sleep(secs(5)).await;
            peer.sends(&body).await;
        };
        join!(client, server);
    });
}

#[test]
fn three_pages_are_fetched_at_the_same_time() {
    run(async {
        requests_pass_each_other().await;
        let session =
            Session::new(site(&[("/a", 3, "slow"), ("/b", 1, "fast"), ("/c", 2, "fair")]));
        let (texts, time) = timed(fetch_multiple(&session, &["/a", "/b", "/c"])).await;
        took(time).slower_means("sequential-awaits").should_be(secs(1 + 3));
        let texts: Vec<_> = texts.iter().map(|text| text.as_deref()).collect();
        blame("result-order-mixup").unless_eq(texts, [Ok("slow"), Ok("fast"), Ok("fair")]);
    });
}

/// Whoever asks while somebody else waits for an answer does not wait for that, too.
pub async fn requests_pass_each_other() {
    let net = site(&[("/a", 2, "a"), ("/c", 2, "c")]);
    let (opened, heard) = (net.opened.clone(), net.heard.clone());
    let session = Session::new(net);
    let two = async { join!(session.get("/a"), session.get("/c")) };
    let (two, time) = timed(in_time(secs(60), two)).await;
    // Connected, and not a word in a minute.
    let silent = two.is_none() && opened.load(SeqCst) > 0 && heard.load(SeqCst) == 0;
    blame("unflushed-writer").unless(!silent);
    took(time).slower_means("lock-serialises-work").should_be(secs(1 + 2));
    let statuses = two.map(|(one, other)| [one, other].map(|response| Some(response.ok()?.status)));
    plainly().unless_eq(statuses, Some([Some(200), Some(200)]));
}

/// The network of these tests. A connection takes a second, and leads to a server that
/// is played.
pub struct Net {
    arrivals: UnboundedSender<Peer>,
    pub opened: Arc<AtomicUsize>,
    /// How many bytes the server has read.
    pub heard: Arc<AtomicUsize>,
    pub refuses: Arc<AtomicBool>,
}

impl Network for Net {
    type Connection = DuplexStream;

    async fn connect(&self) -> io::Result<DuplexStream> {
        let _span = span("connect");
        sleep(secs(1)).await;
        if self.refuses.load(SeqCst) {
            return Err(io::ErrorKind::ConnectionRefused.into());
        }
        let (near, far) = duplex(256);
        self.opened.fetch_add(1, SeqCst);
        // Where nobody accepts, it is dropped: the server has hung up.
        let _ = self.arrivals.send(Peer { line: BufReader::new(far), heard: self.heard.clone() });
        Ok(near)
    }
}

/// A network, and the server that it leads to.
pub fn network() -> (Net, Server) {
    let (arrivals, server) = unbounded_channel();
    let (opened, heard, refuses) = Default::default();
    (Net { arrivals, opened, heard, refuses }, Server(server))
}

/// What comes in from the network.
pub struct Server(UnboundedReceiver<Peer>);

impl Server {
    /// The next connection that was opened.
    pub async fn accepts(&mut self) -> Peer {
        self.0.recv().await.expect("the network is there")
    }

    /// Nobody has opened one more.
    pub fn has_no_more(&mut self) -> bool {
        self.0.try_recv().is_err()
    }
}

/// The server's side of a connection.
pub struct Peer {
    line: BufReader<DuplexStream>,
    heard: Arc<AtomicUsize>,
}

impl Peer {
    /// The next request; empty when the client has hung up.
    pub async fn reads_request(&mut self) -> String {
        let mut request = String::new();
        while !request.ends_with("\r\n\r\n") {
            match self.line.read_line(&mut request).await.expect("UTF-8") {
                0 => break,
                read => self.heard.fetch_add(read, SeqCst),
            };
        }
        request
    }

    /// Whether the client has hung up, once some time has gone by.
    pub async fn sees_the_end(&mut self) -> bool {
        sleep(secs(1)).await;
        self.has_seen_the_end()
    }

    /// Whether it has done so by now.
    pub fn has_seen_the_end(&mut self) -> bool {
        self.line.read_to_end(&mut Vec::new()).now_or_never().is_some()
    }

    /// Sends these bytes; false if the client has hung up.
    pub async fn sends(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.line.write_all(bytes.as_ref()).await.is_ok()
    }

    /// Reads a request and answers it.
    pub async fn serves(&mut self, text: &str) -> String {
        let request = self.reads_request().await;
        self.answers(text).await;
        request
    }

    async fn answers(&mut self, text: &str) {
        let (head, body) = answer(200, text);
        self.sends(head + &body).await;
    }
}

/// Head and body of an answer.
pub fn answer(status: u16, text: &str) -> (String, String) {
    let length = text.len();
    let head =
        format!("HTTP/1.1 {status} Words\r\nServer: played\r\nContent-Length: {length}\r\n\r\n");
    (head, text.to_owned())
}

/// A network with a server that has these pages. Each takes some seconds.
pub fn site(pages: &[(&str, u64, &str)]) -> Net {
    let (net, mut server) = network();
    let pages: Vec<_> = pages
        .iter()
        .map(|(path, time, text)| (request(path), secs(*time), text.to_string()))
        .collect();
    tokio::spawn(async move {
        while let Some(mut peer) = server.0.recv().await {
            let pages = pages.clone();
            tokio::spawn(async move {
                loop {
                    let request = peer.reads_request().await;
                    let page = pages.iter().find(|(path, ..)| *path == request);
                    let Some((_, time, text)) = page else { return };
                    let _span = span(request.split_whitespace().nth(1).unwrap_or_default());
                    sleep(*time).await;
                    peer.answers(text).await;
                }
            });
        }
    });
    net
}
