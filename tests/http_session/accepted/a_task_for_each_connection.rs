//! Each connection belongs to a task, which ends when nobody wants its answer any more.

use std::io;
use std::sync::{Arc, Mutex};

use futures::future::join_all;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

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

struct Ask {
    path: String,
    head: oneshot::Sender<Result<Head, Failure>>,
}

struct Head {
    status: u16,
    body: oneshot::Sender<oneshot::Sender<Result<String, HttpError>>>,
}

struct Failure {
    nothing_came: bool,
    error: HttpError,
}

struct Worker {
    asks: mpsc::UnboundedSender<Ask>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct Idle {
    workers: Vec<Worker>,
    closed: bool,
}

pub struct Session<N: Network> {
    network: N,
    idle: Arc<Mutex<Idle>>,
}

impl<N: Network> Session<N> {
    pub fn new(network: N) -> Self {
        Session { network, idle: Arc::default() }
    }

    pub async fn get(&self, path: &str) -> Result<Response<N>, HttpError> {
        let worker = self.idle.lock().unwrap().workers.pop();
        if let Some(worker) = worker {
            match self.ask(worker, path).await {
                Err(Failure { nothing_came: true, .. }) => {}
                told => return told.map_err(|failure| failure.error),
            }
        }
        let connection = self.network.connect().await.map_err(|e| HttpError::Io(e.kind()))?;
        let (asks, asked) = mpsc::unbounded_channel();
        let task = tokio::spawn(work(BufReader::new(connection), asked));
        self.ask(Worker { asks, task }, path).await.map_err(|failure| failure.error)
    }

    async fn ask(&self, worker: Worker, path: &str) -> Result<Response<N>, Failure> {
        let gone = Failure { nothing_came: true, error: HttpError::Cut };
        let (head, told) = oneshot::channel();
        let _ = worker.asks.send(Ask { path: path.to_owned(), head });
        let head = told.await.unwrap_or(Err(gone))?;
        let idle = self.idle.clone();
        let (status, body) = (head.status, head.body);
        Ok(Response { status, worker, body, idle, _network: std::marker::PhantomData })
    }

    pub async fn close(self) {
        let workers = {
            let mut idle = self.idle.lock().unwrap();
            idle.closed = true;
            std::mem::take(&mut idle.workers)
        };
        join_all(workers.into_iter().map(|Worker { asks, task }| {
            drop(asks);
            task
        }))
        .await;
    }
}

async fn work<C>(mut line: BufReader<C>, mut asked: mpsc::UnboundedReceiver<Ask>)
where
    C: AsyncRead + AsyncWrite + Unpin + Send,
{
    while let Some(Ask { path, mut head }) = asked.recv().await {
        let asks = tokio::select! {
            asks = asks(&mut line, &path) => asks,
            () = head.closed() => return,
        };
        let (status, length) = match asks {
            Ok(parsed) => parsed,
            Err(failure) => {
                let _ = head.send(Err(failure));
                return;
            }
        };
        let (body, wanted) = oneshot::channel();
        if head.send(Ok(Head { status, body })).is_err() {
            return;
        }
        let Ok(mut reply): Result<oneshot::Sender<_>, _> = wanted.await else { return };
        let mut bytes = vec![0; length];
        let read = tokio::select! {
            read = line.read_exact(&mut bytes) => read.map_err(cut_or),
            () = reply.closed() => return,
        };
        let over = read.is_err();
        let text = read.and_then(|_| String::from_utf8(bytes).map_err(|_| HttpError::Malformed));
        if reply.send(text).is_err() || over {
            return;
        }
    }
}

async fn asks<C>(line: &mut BufReader<C>, path: &str) -> Result<(u16, usize), Failure>
where
    C: AsyncRead + AsyncWrite + Unpin + Send,
{
    let before = |error| Failure { nothing_came: true, error: cut_or(error) };
    line.write_all(request(path).as_bytes()).await.map_err(before)?;
    line.flush().await.map_err(before)?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let nothing_came = head.is_empty();
        match line.read_until(b'\n', &mut head).await {
            Ok(0) => return Err(Failure { nothing_came, error: HttpError::Cut }),
            Err(error) => return Err(Failure { nothing_came, error: cut_or(error) }),
            Ok(_) => {}
        }
    }
    let head = String::from_utf8(head).map_err(|_| HttpError::Malformed);
    head.and_then(|head| parse_head(&head)).map_err(|error| Failure { nothing_came: false, error })
}

fn cut_or(error: io::Error) -> HttpError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => HttpError::Cut,
        kind => HttpError::Io(kind),
    }
}

pub struct Response<N: Network> {
    pub status: u16,
    worker: Worker,
    body: oneshot::Sender<oneshot::Sender<Result<String, HttpError>>>,
    idle: Arc<Mutex<Idle>>,
    _network: std::marker::PhantomData<N>,
}

impl<N: Network> Response<N> {
    pub async fn text(self) -> Result<String, HttpError> {
        let (reply, text) = oneshot::channel();
        let _ = self.body.send(reply);
        let text = text.await.unwrap_or(Err(HttpError::Cut));
        let whole = !matches!(text, Err(HttpError::Cut | HttpError::Io(_)));
        let mut idle = self.idle.lock().unwrap();
        if whole && !idle.closed {
            idle.workers.push(self.worker);
        }
        text
    }
}

pub async fn fetch_multiple<N: Network>(
    session: &Session<N>,
    paths: &[&str],
) -> Vec<Result<String, HttpError>> {
    join_all(paths.iter().map(|path| async move { session.get(path).await?.text().await })).await
}
