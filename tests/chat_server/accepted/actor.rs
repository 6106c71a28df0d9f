//! A hub that is an actor, and mailboxes that let the oldest go. Two tasks a client.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::sync::{Notify, mpsc, oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};

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

/// Lines for a client, without an end of its own.
#[derive(Default)]
struct Mailbox {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Default)]
struct State {
    lines: VecDeque<String>,
    lost: usize,
    last: bool,
    abandoned: bool,
}

impl Mailbox {
    fn put(&self, line: String, most: usize) {
        let mut state = self.state.lock().unwrap();
        state.lines.push_back(line);
        if state.lines.len() > most {
            state.lines.pop_front();
            state.lost += 1;
        }
        self.changed.notify_one();
    }

    fn ends(&self) {
        self.state.lock().unwrap().last = true;
        self.changed.notify_one();
    }

    fn is_abandoned(&self) -> bool {
        let state = self.state.lock().unwrap();
        state.abandoned || state.last
    }

    /// None is the end.
    async fn next(&self) -> Option<String> {
        loop {
            {
                let mut state = self.state.lock().unwrap();
                if state.lost > 0 {
                    return Some(format!("LAGGED {}\n", std::mem::take(&mut state.lost)));
                }
                if let Some(line) = state.lines.pop_front() {
                    return Some(line);
                }
                if state.last {
                    return None;
                }
            }
            self.changed.notified().await;
        }
    }
}

enum Request {
    Join(String, Arc<Mailbox>, oneshot::Sender<bool>),
    Say(String),
}

async fn hub(mut requests: mpsc::Receiver<Request>, most: usize) {
    let mut members: HashMap<String, Arc<Mailbox>> = HashMap::new();
    while let Some(request) = requests.recv().await {
        members.retain(|_, mailbox| !mailbox.is_abandoned());
        match request {
            Request::Join(name, mailbox, reply) => {
                let free = !members.contains_key(&name);
                let answer = if free { "WELCOME" } else { "TAKEN" };
                mailbox.put(format!("{answer} {name}\n"), most);
                if free {
                    members.insert(name, mailbox);
                }
                let _ = reply.send(free);
            }
            Request::Say(line) => members.values().for_each(|box_| box_.put(line.clone(), most)),
        }
    }
}

pub async fn serve<D: Door>(door: D, rules: Rules, stop: impl Future<Output = ()> + Send) {
    let mut tasks = JoinSet::new();
    let (requests, inbox) = mpsc::channel(8);
    tasks.spawn(hub(inbox, rules.backlog));
    let (stopping, stopped) = watch::channel(());
    let accepts = async {
        loop {
            match door.accept().await {
                Ok(io) => drop(tasks.spawn(client(io, requests.clone(), rules, stopped.clone()))),
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
    };
    tokio::select! {
        biased;
        () = stop => {}
        () = accepts => {}
    }
    drop(stopping);
    drop(requests);
    while tasks.join_next().await.is_some() {}
}

/// Whatever becomes of the client, its mailbox is not used any more.
struct Abandons(Arc<Mailbox>);

impl Drop for Abandons {
    fn drop(&mut self) {
        self.0.state.lock().unwrap().abandoned = true;
    }
}

async fn client<C: AsyncRead + AsyncWrite + Send + 'static>(
    io: C,
    hub: mpsc::Sender<Request>,
    rules: Rules,
    mut stopped: watch::Receiver<()>,
) {
    let (from, mut to) = tokio::io::split(io);
    let mailbox = Arc::new(Mailbox::default());
    let _abandons = Abandons(mailbox.clone());
    let lines = mailbox.clone();
    let mut writer = JoinSet::new();
    writer.spawn(async move {
        while let Some(line) = lines.next().await {
            to.write_all(line.as_bytes()).await?;
        }
        to.write_all(b"BYE\n").await?;
        to.shutdown().await
    });
    let reads = read(BufReader::new(from), hub, mailbox.clone(), rules);
    let bye = tokio::select! {
        biased;
        _ = stopped.changed() => true,
        bye = reads => bye,
        _ = writer.join_next() => false,
    };
    mailbox.ends();
    if bye {
        let _ = timeout(rules.grace, writer.join_next()).await;
    }
    writer.shutdown().await;
}

async fn read(
    mut from: impl AsyncBufRead + Unpin,
    hub: mpsc::Sender<Request>,
    mailbox: Arc<Mailbox>,
    rules: Rules,
) -> bool {
    let mut name: Option<String> = None;
    loop {
        let silent = sleep_until(Instant::now() + rules.idle);
        let line = tokio::select! {
            () = silent => return true,
            line = line(&mut from, rules.longest) => match line {
                Ok(Some(Ok(line))) => line,
                Ok(Some(Err(TooLong))) => return true,
                Ok(None) | Err(_) => return false,
            },
        };
        match (parse(&line), &name) {
            (Command::Quit, _) => return true,
            (Command::Say(words), Some(name)) => {
                let _ = hub.send(Request::Say(format!("{name}: {words}\n"))).await;
            }
            (Command::Nick(wanted), None) => {
                let (reply, free) = oneshot::channel();
                let _ = hub.send(Request::Join(wanted.to_owned(), mailbox.clone(), reply)).await;
                if free.await == Ok(true) {
                    name = Some(wanted.to_owned());
                }
            }
            _ => mailbox.put("WHAT\n".to_owned(), rules.backlog),
        }
    }
}

struct TooLong;

async fn line(
    from: &mut (impl AsyncBufRead + Unpin),
    longest: usize,
) -> io::Result<Option<Result<Vec<u8>, TooLong>>> {
    let mut line = Vec::new();
    loop {
        let some = from.fill_buf().await?;
        if some.is_empty() {
            return Ok(None);
        }
        let end = some.iter().position(|byte| *byte == b'\n');
        line.extend_from_slice(&some[..end.unwrap_or(some.len())]);
        let taken = end.map_or(some.len(), |end| end + 1);
        from.consume(taken);
        if line.len() > longest {
            return Ok(Some(Err(TooLong)));
        }
        if end.is_some() {
            return Ok(Some(Ok(line)));
        }
    }
}
