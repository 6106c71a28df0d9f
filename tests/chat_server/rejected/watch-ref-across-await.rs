//! A task that reads, a task that writes, and a session between them that hears of the stop.

use std::collections::HashSet;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{
    AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader, BufWriter,
    ReadHalf, WriteHalf, split,
};
use tokio::sync::broadcast::{self, error::RecvError, error::TryRecvError};
use tokio::sync::{mpsc, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep, timeout};

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

struct AbortOnDrop<T>(JoinHandle<T>);

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

struct Room {
    names: Mutex<HashSet<String>>,
    said: broadcast::Sender<String>,
}

/// A name that is taken, until this is dropped.
struct Name {
    name: String,
    room: Arc<Room>,
}

impl Drop for Name {
    fn drop(&mut self) {
        self.room.names.lock().unwrap().remove(&self.name);
    }
}

pub async fn serve<D: Door>(door: D, rules: Rules, stop: impl Future<Output = ()> + Send) {
    let room = Arc::new(Room {
        names: Mutex::new(HashSet::new()),
        said: broadcast::channel(rules.backlog).0,
    });
    let (stop_sender, stopped) = watch::channel(false);
    let mut sessions = JoinSet::new();
    {
        let accepting = async {
            loop {
                while sessions.try_join_next().is_some() {}
                match door.accept().await {
                    Ok(client) => {
                        sessions.spawn(session(client, room.clone(), rules, stopped.clone()));
                    }
                    Err(_) => sleep(PAUSE).await,
                }
            }
        };
        tokio::select! {
            biased;
            () = stop => {}
            () = accepting => {}
        }
    }
    let _ = stop_sender.send(true);
    while let Some(ended) = sessions.join_next().await {
        let _ = ended;
    }
}

enum Event {
    Line(Vec<u8>),
    TooLong,
    Gone,
}

async fn reads<C: AsyncRead + AsyncWrite>(
    from: ReadHalf<C>,
    longest: usize,
    events: mpsc::Sender<Event>,
) {
    let mut from = BufReader::new(from);
    loop {
        let mut line = Vec::new();
        // One more for the end of it, so a line that is too long has no end.
        let read = (&mut from).take(longest as u64 + 1).read_until(b'\n', &mut line).await;
        let event = match read {
            Ok(_) if line.last() == Some(&b'\n') => {
                line.pop();
                Event::Line(line)
            }
            Ok(count) if count > longest => Event::TooLong,
            _ => Event::Gone,
        };
        let last = !matches!(event, Event::Line(_));
        if events.send(event).await.is_err() || last {
            return;
        }
    }
}

async fn writes<C: AsyncRead + AsyncWrite>(
    to: WriteHalf<C>,
    mut lines: mpsc::Receiver<String>,
) -> io::Result<()> {
    let mut to = BufWriter::new(to);
    while let Some(line) = lines.recv().await {
        to.write_all(line.as_bytes()).await?;
        to.flush().await?;
    }
    to.shutdown().await
}

async fn session<C: AsyncRead + AsyncWrite + Send + 'static>(
    client: C,
    room: Arc<Room>,
    rules: Rules,
    mut stopped: watch::Receiver<bool>,
) {
    let (from, to) = split(client);
    let (events_sender, mut events) = mpsc::channel(1);
    let (out, out_receiver) = mpsc::channel::<String>(1);
    let mut reader = AbortOnDrop(tokio::spawn(reads(from, rules.longest, events_sender)));
    let mut writer = AbortOnDrop(tokio::spawn(writes(to, out_receiver)));
    let mut seat: Option<(Name, broadcast::Receiver<String>)> = None;
    let mut answer: Option<String> = None;
    let mut idle = interval_at(Instant::now() + rules.idle, rules.idle);
    idle.set_missed_tick_behavior(MissedTickBehavior::Delay);

    let sent_away = loop {
        let place = async {
            // A place for one line. Nothing is taken before there is one.
            let place = out.reserve().await;
            place.map_err(|_| ())
        };
        tokio::select! {
            biased;
            _ = stopped.wait_for(|stopped| *stopped) => break true,
            _ = idle.tick() => break true,
            _ = &mut writer.0 => break false,
            event = events.recv(), if answer.is_none() => match event {
                None | Some(Event::Gone) => break false,
                Some(Event::TooLong) => break true,
                Some(Event::Line(line)) => {
                    idle.reset();
                    match parse(&line) {
                        Command::Quit => break true,
                        Command::Say(words) => match &seat {
                            Some((name, _)) => {
                                let _ = room.said.send(format!("{}: {words}\n", name.name));
                                // The others have a turn.
                                tokio::task::yield_now().await;
                            }
                            None => answer = Some("WHAT\n".to_owned()),
                        },
                        Command::Nick(name) if seat.is_none() => {
                            let is_new = room.names.lock().unwrap().insert(name.to_owned());
                            if is_new {
                                let taken = Name { name: name.to_owned(), room: room.clone() };
                                seat = Some((taken, room.said.subscribe()));
                                answer = Some(format!("WELCOME {name}\n"));
                            } else {
                                answer = Some(format!("TAKEN {name}\n"));
                            }
                        }
                        _ => answer = Some("WHAT\n".to_owned()),
                    }
                }
            },
            place = place, if answer.is_some() || seat.as_ref().is_some_and(|(_, heard)| !heard.is_empty()) => {
                let Ok(place) = place else { break false };
                if let Some(line) = answer.take() {
                    place.send(line);
                } else if let Some((_, heard)) = &mut seat {
                    match heard.try_recv() {
                        Ok(line) => place.send(line),
                        Err(TryRecvError::Lagged(count)) => place.send(format!("LAGGED {count}\n")),
                        Err(_) => {}
                    }
                }
            }
            line = async { seat.as_mut().expect("a seat").1.recv().await },
                if answer.is_none() && seat.as_ref().is_some_and(|(_, heard)| heard.is_empty()) =>
            {
                answer = match line {
                    Ok(line) => Some(line),
                    Err(RecvError::Lagged(count)) => Some(format!("LAGGED {count}\n")),
                    Err(RecvError::Closed) => break true,
                };
            }
        }
    };

    reader.0.abort();
    if sent_away {
        let goodbye = async {
            if let Some(line) = answer {
                let _ = out.send(line).await;
            }
            while let Some((_, heard)) = &mut seat {
                let line = match heard.try_recv() {
                    Ok(line) => line,
                    Err(TryRecvError::Lagged(count)) => format!("LAGGED {count}\n"),
                    Err(_) => break,
                };
                let _ = out.send(line).await;
            }
            let _ = out.send("BYE\n".to_owned()).await;
            drop(out);
            let _ = (&mut writer.0).await;
        };
        let _ = timeout(rules.grace, goodbye).await;
    }
    writer.0.abort();
    reader.0.abort();
    for task in [&mut reader.0] {
        let _ = task.await;
    }
    if !writer.0.is_finished() {
        let _ = (&mut writer.0).await;
    }
}
