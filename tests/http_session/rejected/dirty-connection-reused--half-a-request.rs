//! Until the request is out, nothing has happened to the connection.

use std::io;
use std::mem::take;
use std::sync::{Arc, Mutex};

use futures::future::join_all;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};

pub trait Network: Send + Sync + 'static {
    type Connection: AsyncRead + AsyncWrite + Unpin + Send + 'static;

    fn connect(&self) -> impl Future<Output = io::Result<Self::Connection>> + Send;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HttpError {
    Io(io::ErrorKind),
    Cut,
    Malformed,
}

pub fn request(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: peer\r\n\r\n")
}

pub fn parse_head(head: &str) -> Result<(u16, usize), HttpError> {
    let mut lines = head.lines();
    let status =
        lines.next().and_then(|line| line.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok());
    let length = lines.find_map(|line| line.strip_prefix("Content-Length: ")?.parse().ok());
    status.zip(length).ok_or(HttpError::Malformed)
}

type Line<N> = BufReader<<N as Network>::Connection>;

struct Idle<N: Network> {
    lines: Vec<Line<N>>,
    closed: bool,
}

pub struct Session<N: Network> {
    network: N,
    idle: Arc<Mutex<Idle<N>>>,
}

impl<N: Network> Session<N> {
    pub fn new(network: N) -> Self {
        let idle = Idle { lines: Vec::new(), closed: false };
        Session { network, idle: Arc::new(Mutex::new(idle)) }
    }

    pub async fn get(&self, path: &str) -> Result<Response<N>, HttpError> {
        let idle = self.idle.lock().unwrap().lines.pop();
        if let Some(line) = idle {
            let mut kept = Kept { idle: self.idle.clone(), line: Some(line) };
            let line = kept.line.as_mut().unwrap();
            let sent = async {
                line.write_all(request(path).as_bytes()).await?;
                line.flush().await
            };
            let sent = sent.await;
            let line = kept.line.take().unwrap();
            let asked = match sent {
                Ok(()) => self.hear(line).await,
                Err(error) => Err(before(error)),
            };
            match asked {
                Err(Failure::BeforeTheAnswer(_)) => {}
                Err(Failure::Within(error)) => return Err(error),
                Ok(response) => return Ok(response),
            }
        }
        let connection = self.network.connect().await.map_err(|e| HttpError::Io(e.kind()))?;
        self.ask(BufReader::new(connection), path).await.map_err(|failure| match failure {
            Failure::BeforeTheAnswer(error) | Failure::Within(error) => error,
        })
    }

    async fn ask(&self, mut line: Line<N>, path: &str) -> Result<Response<N>, Failure> {
        line.write_all(request(path).as_bytes()).await.map_err(before)?;
        line.flush().await.map_err(before)?;
        self.hear(line).await
    }

    async fn hear(&self, mut line: Line<N>) -> Result<Response<N>, Failure> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let started = !head.is_empty();
            match line.read_until(b'\n', &mut head).await {
                Ok(0) if started => return Err(Failure::Within(HttpError::Cut)),
                Ok(0) => return Err(Failure::BeforeTheAnswer(HttpError::Cut)),
                Err(error) if started => return Err(Failure::Within(cut_or(error))),
                Err(error) => return Err(before(error)),
                Ok(_) => {}
            }
        }
        let head = String::from_utf8(head).map_err(|_| Failure::Within(HttpError::Malformed))?;
        let (status, length) = parse_head(&head).map_err(Failure::Within)?;
        Ok(Response { status, length, line, idle: self.idle.clone() })
    }

    pub async fn close(self) {
        let lines = {
            let mut idle = self.idle.lock().unwrap();
            idle.closed = true;
            take(&mut idle.lines)
        };
        join_all(lines.into_iter().map(|mut line| async move {
            let _ = line.shutdown().await;
        }))
        .await;
    }
}

/// Goes back, unless it is taken out.
struct Kept<N: Network> {
    idle: Arc<Mutex<Idle<N>>>,
    line: Option<Line<N>>,
}

impl<N: Network> Drop for Kept<N> {
    fn drop(&mut self) {
        if let Some(line) = self.line.take() {
            self.idle.lock().unwrap().lines.push(line);
        }
    }
}

enum Failure {
    BeforeTheAnswer(HttpError),
    Within(HttpError),
}

fn before(error: io::Error) -> Failure {
    Failure::BeforeTheAnswer(cut_or(error))
}

fn cut_or(error: io::Error) -> HttpError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => HttpError::Cut,
        kind => HttpError::Io(kind),
    }
}

pub struct Response<N: Network> {
    pub status: u16,
    length: usize,
    line: Line<N>,
    idle: Arc<Mutex<Idle<N>>>,
}

impl<N: Network> Response<N> {
    pub async fn text(mut self) -> Result<String, HttpError> {
        let mut body = vec![0; self.length];
        self.line.read_exact(&mut body).await.map_err(cut_or)?;
        let mut idle = self.idle.lock().unwrap();
        if !idle.closed {
            idle.lines.push(self.line);
        }
        String::from_utf8(body).map_err(|_| HttpError::Malformed)
    }
}

pub async fn fetch_multiple<N: Network>(
    session: &Session<N>,
    paths: &[&str],
) -> Vec<Result<String, HttpError>> {
    join_all(paths.iter().map(|path| async move { session.get(path).await?.text().await })).await
}
