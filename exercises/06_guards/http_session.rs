//! http_session: many requests, few connections.
//!
//! You know this from aiohttp:
//!
//!     async with aiohttp.ClientSession() as session:
//!         async with session.get("/tea") as response:      # awaits the head
//!             text = await response.text()                  # awaits the body
//!
//! A session looks like a bag of settings. In truth it owns connections: to open one
//! takes longer than many an answer, so they are kept for the next request. Which of
//! them may be kept? The second `async with` is there for that. Its exit looks whether
//! the answer was read to its end, and hangs up if it was not. In Rust there is no such
//! exit, only a value that is used up or dropped.
//!
//! Bytes arrive in pieces that nobody promises anything about. The head may come in
//! three of them, and the last one may have the first bytes of the body in it.

use std::io;

use tokio::io::{AsyncRead, AsyncWrite};

/// Where connections come from. All of them lead to the same server.
/// Leave this one as it is.
pub trait Network: Send + Sync + 'static {
    type Connection: AsyncRead + AsyncWrite + Unpin + Send + 'static;

    /// Opens a connection. It takes its time.
    fn connect(&self) -> impl Future<Output = io::Result<Self::Connection>> + Send;
}

/// Why there is no answer, or only a part of it. Leave this one as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HttpError {
    /// There is no connection, or it has failed.
    Io(io::ErrorKind),
    /// The server has hung up before the answer was complete.
    Cut,
    /// That was no answer.
    Malformed,
}

/// What to send to ask for a page. Leave this one as it is.
pub fn request(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: peer\r\n\r\n")
}

/// The status, and how many bytes the body has. The head is everything up to the empty
/// line and with it: it ends with `\r\n\r\n`. Leave this one as it is.
pub fn parse_head(head: &str) -> Result<(u16, usize), HttpError> {
    let mut lines = head.lines();
    let status =
        lines.next().and_then(|line| line.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok());
    let length = lines.find_map(|line| line.strip_prefix("Content-Length: ")?.parse().ok());
    status.zip(length).ok_or(HttpError::Malformed)
}

/// Asks for pages, and keeps the connections.
///
/// A connection serves one request at a time. One whose answer has been read to its end
/// is idle and kept, and a request takes an idle one if there is any. Else it opens one,
/// and does not wait for others.
///
/// You may take the server at its word: unless it hangs up, it sends as much as the head
/// of its answer says, and no more.
pub struct Session<N: Network> {
    network: N,
    // Your fields.
}

impl<N: Network> Session<N> {
    /// No connection is open yet.
    pub fn new(network: N) -> Self {
        Session { network }
    }

    /// Asks for the page, and returns as soon as the head of the answer is complete. The
    /// body may still be on its way.
    ///
    /// A server hangs up on idle connections when it likes. If that is what comes of a
    /// request, and nothing of an answer came before it, the request is sent once more,
    /// over a new connection. Whatever comes of that counts.
    ///
    /// If this is dropped, its connection is not used again.
    pub async fn get(&self, path: &str) -> Result<Response<N>, HttpError> {
        let _ = (path, &self.network);
        todo!("find a connection, ask, read the head")
    }

    /// Hangs up on all idle connections, and is back when that is done. Answers that are
    /// still being read can be read to their end. Then their connections end, too.
    pub async fn close(self) {
        todo!("hang up")
    }
}

/// An answer of which the head is known.
///
/// If it is dropped before the body was read to its end, its connection ends: what is
/// left in there is in the way of the next answer.
pub struct Response<N: Network> {
    pub status: u16,
    _network: std::marker::PhantomData<N>,
    // Your fields, instead of the one above.
}

impl<N: Network> Response<N> {
    /// Reads the body. It is UTF-8, or malformed; it was read to its end either way.
    pub async fn text(self) -> Result<String, HttpError> {
        todo!("read all of it, no more and no less")
    }
}

/// The texts of all these pages, fetched at the same time, however many they are, in the
/// order of the paths. Each has its own result.
pub async fn fetch_multiple<N: Network>(
    session: &Session<N>,
    paths: &[&str],
) -> Vec<Result<String, HttpError>> {
    let _ = (session, paths);
    todo!("all at once")
}
