//! Each client has a bounded queue; whatever does not fit is counted. No tasks at all.

use std::collections::HashMap;
use std::io;
use std::pin::pin;
use std::sync::Mutex;
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadHalf, split};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::watch;
use tokio::time::{Instant, timeout, timeout_at};

/// Where clients come in.
pub trait Door: Send + Sync + 'static {
    /// A client's line.
    type Client: AsyncRead + AsyncWrite + Unpin + Send + 'static;

    /// The next client.
    fn accept(&self) -> impl Future<Output = io::Result<Self::Client>> + Send;
}

/// After an error of `accept`, the next call is so much later.
pub const PAUSE: Duration = Duration::from_secs(1);

/// What the house allows.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// A line has so many bytes at most.
    pub longest: usize,
    /// So many lines are kept for a client that is slow.
    pub backlog: usize,
    /// A client has to send a line every so often.
    pub idle: Duration,
    /// So long a client has to take its last words.
    pub grace: Duration,
}

/// What a client wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command<'a> {
    Nick(&'a str),
    Say(&'a str),
    Quit,
    Unknown,
}

/// Reads a line, without the `\n` at its end.
pub fn parse(line: &[u8]) -> Command<'_> {
    let line = std::str::from_utf8(line).unwrap_or_default();
    match line.split_once(' ') {
        Some(("NICK", name)) if !name.is_empty() && !name.contains(' ') => Command::Nick(name),
        Some(("SAY", words)) => Command::Say(words),
        None if line == "QUIT" => Command::Quit,
        _ => Command::Unknown,
    }
}

struct Seat {
    queue: Sender<String>,
    lost: usize,
}

impl Seat {
    fn put(&mut self, line: &str) {
        if self.lost > 0 && self.queue.try_send(format!("LAGGED {}\n", self.lost)).is_ok() {
            self.lost = 0;
        }
        if self.lost > 0 || self.queue.try_send(line.to_owned()).is_err() {
            self.lost += 1;
        }
    }
}

type Seats = Mutex<HashMap<String, Seat>>;

pub async fn serve<D: Door>(door: D, rules: Rules, stop: impl Future<Output = ()> + Send) {
    let seats = Seats::default();
    let (stopping, stopped) = watch::channel(false);
    let mut clients = FuturesUnordered::new();
    let mut stop = pin!(stop);
    let mut retry = None;
    loop {
        let next = async {
            if let Some(at) = retry {
                tokio::time::sleep_until(at).await;
            }
            door.accept().await
        };
        tokio::select! {
            biased;
            () = &mut stop => break,
            io = next => match io {
                Ok(io) => {
                    retry = None;
                    clients.push(client(io, &seats, rules, stopped.clone()));
                }
                Err(_) => retry = Some(Instant::now() + PAUSE),
            },
            Some(()) = clients.next() => {}
        }
    }
    drop(stopping);
    while clients.next().await.is_some() {}
}

/// Its seat is given back when this is dropped.
struct Place<'a>(&'a Seats, String);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.lock().unwrap().remove(&self.1);
    }
}

async fn client<C: AsyncRead + AsyncWrite>(
    io: C,
    seats: &Seats,
    rules: Rules,
    mut stopped: watch::Receiver<bool>,
) {
    let (from, to) = split(io);
    let (queue, lines) = channel(rules.backlog);
    let mut writes = pin!(write(to, lines));
    let bye = {
        let reads = read(from, seats, rules, queue);
        tokio::select! {
            biased;
            _ = stopped.changed() => true,
            bye = reads => bye,
            _ = &mut writes => false,
        }
    };
    if bye {
        let _ = timeout(rules.grace, writes).await;
    }
}

async fn write(mut to: impl AsyncWrite + Unpin, mut lines: Receiver<String>) -> io::Result<()> {
    while let Some(line) = lines.recv().await {
        to.write_all(line.as_bytes()).await?;
    }
    to.write_all(b"BYE\n").await?;
    to.shutdown().await
}

/// True if it is to be sent away.
async fn read<C: AsyncRead>(
    mut from: ReadHalf<C>,
    seats: &Seats,
    rules: Rules,
    queue: Sender<String>,
) -> bool {
    let mut place: Option<Place> = None;
    let mut bytes: Vec<u8> = Vec::new();
    let mut until = Instant::now() + rules.idle;
    loop {
        let line = loop {
            if let Some(end) = bytes.iter().take(rules.longest + 1).position(|b| *b == b'\n') {
                let rest = bytes.split_off(end + 1);
                bytes.truncate(end);
                break std::mem::replace(&mut bytes, rest);
            }
            if bytes.len() > rules.longest {
                return true;
            }
            match timeout_at(until, from.read_buf(&mut bytes)).await {
                Err(_) => return true,
                Ok(Err(_) | Ok(0)) => return false,
                Ok(Ok(_)) => {}
            }
        };
        until = Instant::now() + rules.idle;
        let answer = match (parse(&line), &place) {
            (Command::Quit, _) => return true,
            (Command::Say(words), Some(Place(_, name))) => {
                let line = format!("{name}: {words}\n");
                seats.lock().unwrap().values_mut().for_each(|seat| seat.put(&line));
                // A turn for those who write.
                tokio::task::yield_now().await;
                continue;
            }
            (Command::Nick(name), None) => {
                let answer = match timeout_at(until, queue.reserve()).await {
                    Err(_) => return true,
                    Ok(Err(_)) => return false,
                    Ok(Ok(answer)) => answer,
                };
                let mut seats_now = seats.lock().unwrap();
                if seats_now.contains_key(name) {
                    answer.send(format!("TAKEN {name}\n"));
                } else {
                    answer.send(format!("WELCOME {name}\n"));
                    let seat = Seat { queue: queue.clone(), lost: 0 };
                    seats_now.insert(name.to_owned(), seat);
                    place = Some(Place(seats, name.to_owned()));
                }
                continue;
            }
            _ => "WHAT\n".to_owned(),
        };
        match timeout_at(until, queue.send(answer)).await {
            Err(_) => return true,
            Ok(Err(_)) => return false,
            Ok(Ok(())) => {}
        }
    }
}
