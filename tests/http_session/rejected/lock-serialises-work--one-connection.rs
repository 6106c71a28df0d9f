//! There is one connection, and whoever has an answer has the lock on it.

use std::io;
use std::sync::Arc;

use futures::future::join_all;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::sync::{Mutex, OwnedMutexGuard};

/// Where connections come from.
pub trait Network: Send + Sync + 'static {
    type Connection: AsyncRead + AsyncWrite + Unpin + Send + 'static;

    /// Opens a connection.
    fn connect(&self) -> impl Future<Output = io::Result<Self::Connection>> + Send;
}

/// Why there is no answer, or only a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HttpError {
    /// There is no connection, or it has failed.
    Io(io::ErrorKind),
    /// The server has hung up before the answer was complete.
    Cut,
    /// That was no answer.
    Malformed,
}

/// What to send to ask for a page.
pub fn request(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: peer\r\n\r\n")
}

/// The status, and how many bytes the body has.
pub fn parse_head(head: &str) -> Result<(u16, usize), HttpError> {
    let mut lines = head.lines();
    let status =
        lines.next().and_then(|line| line.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok());
    let length = lines.find_map(|line| line.strip_prefix("Content-Length: ")?.parse().ok());
    status.zip(length).ok_or(HttpError::Malformed)
}

type Line<N> = Option<BufReader<<N as Network>::Connection>>;

/// Asks for pages, and keeps the connection.
pub struct Session<N: Network> {
    network: N,
    line: Arc<Mutex<Line<N>>>,
}

impl<N: Network> Session<N> {
    /// No connection is open yet.
    pub fn new(network: N) -> Self {
        Session { network, line: Arc::new(Mutex::new(None)) }
    }

    /// Asks for the page.
    pub async fn get(&self, path: &str) -> Result<Response<N>, HttpError> {
        let mut place = self.line.clone().lock_owned().await;
        for _ in 0..2 {
            let mut line = match place.take() {
                Some(line) => line,
                None => BufReader::new(self.network.connect().await.map_err(cut_or)?),
            };
            let mut head = String::new();
            let sent = line.write_all(request(path).as_bytes()).await;
            while sent.is_ok() && !head.ends_with("\r\n\r\n") {
                if line.read_line(&mut head).await.map_err(cut_or)? == 0 {
                    break;
                }
            }
            if head.ends_with("\r\n\r\n") {
                let (status, length) = parse_head(&head)?;
                return Ok(Response { status, length, line, place });
            }
            if !head.is_empty() {
                break;
            }
        }
        Err(HttpError::Cut)
    }

    /// Hangs up.
    pub async fn close(self) {
        *self.line.lock().await = None;
    }
}

fn cut_or(error: io::Error) -> HttpError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => HttpError::Cut,
        kind => HttpError::Io(kind),
    }
}

/// An answer of which the head is known.
pub struct Response<N: Network> {
    pub status: u16,
    length: usize,
    line: BufReader<N::Connection>,
    place: OwnedMutexGuard<Line<N>>,
}

impl<N: Network> Response<N> {
    /// Reads the body.
    pub async fn text(mut self) -> Result<String, HttpError> {
        let mut body = vec![0; self.length];
        self.line.read_exact(&mut body).await.map_err(cut_or)?;
        *self.place = Some(self.line);
        String::from_utf8(body).map_err(|_| HttpError::Malformed)
    }
}

/// The texts of all these pages, fetched at the same time, in the order of the paths.
pub async fn fetch_multiple<N: Network>(
    session: &Session<N>,
    paths: &[&str],
) -> Vec<Result<String, HttpError>> {
    join_all(paths.iter().map(|path| async move { session.get(path).await?.text().await })).await
}
