//! What comes in one read is too long, whatever is in it.

use std::collections::HashSet;
use std::io;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadHalf, split};
use tokio::sync::{broadcast, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

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

/// Serves whoever comes in, until `stop` is ready.
pub async fn serve<D: Door>(door: D, rules: Rules, stop: impl Future<Output = ()> + Send) {
    let hub =
        Arc::new(Hub { said: broadcast::Sender::new(rules.backlog), names: Mutex::default() });
    let (stopping, stopped) = watch::channel(false);
    // Aborts its tasks when it is dropped, so all of them end with this future.
    let mut clients = JoinSet::new();
    let mut stop = pin!(stop);
    // Outside of the loop: a client that leaves does not begin the pause anew.
    let mut next = pin!(comes_in(&door));
    loop {
        tokio::select! {
            biased;
            () = &mut stop => break,
            io = &mut next => {
                clients.spawn(client(io, hub.clone(), rules, stopped.clone()));
                next.set(comes_in(&door));
            }
            // So that the set does not grow for ever.
            Some(_) = clients.join_next() => {}
        }
    }
    stopping.send_replace(true);
    while clients.join_next().await.is_some() {}
}

/// Waits for a client, however often that fails.
async fn comes_in<D: Door>(door: &D) -> D::Client {
    loop {
        match door.accept().await {
            Ok(client) => return client,
            Err(_) => sleep(PAUSE).await,
        }
    }
}

/// What all clients share.
struct Hub {
    said: broadcast::Sender<Arc<str>>,
    names: Mutex<HashSet<String>>,
}

/// Somebody who has a name. When this is dropped, for whatever reason, the name is free.
struct Member {
    name: String,
    hub: Arc<Hub>,
    heard: broadcast::Receiver<Arc<str>>,
}

impl Member {
    /// None if somebody has that name.
    fn new(hub: &Arc<Hub>, name: &str) -> Option<Member> {
        // To look and to enter is one step.
        let is_new = hub.names.lock().unwrap().insert(name.to_owned());
        is_new.then(|| Member {
            name: name.to_owned(),
            hub: hub.clone(),
            heard: hub.said.subscribe(),
        })
    }

    fn says(&self, words: &str) {
        // Somebody hears it: this one does.
        let _ = self.hub.said.send(format!("{}: {words}\n", self.name).into());
    }

    /// The next line for this one. If this is dropped, nothing is lost.
    async fn hears(&mut self) -> Arc<str> {
        match self.heard.recv().await {
            Ok(line) => line,
            Err(broadcast::error::RecvError::Lagged(count)) => lagged(count),
            Err(broadcast::error::RecvError::Closed) => unreachable!("the hub can send"),
        }
    }

    /// What has been said already and was not heard yet.
    fn has_to_hear(&mut self) -> Option<Arc<str>> {
        match self.heard.try_recv() {
            Ok(line) => Some(line),
            Err(broadcast::error::TryRecvError::Lagged(count)) => Some(lagged(count)),
            Err(_) => None,
        }
    }
}

fn lagged(count: u64) -> Arc<str> {
    format!("LAGGED {count}\n").into()
}

impl Drop for Member {
    fn drop(&mut self) {
        self.hub.names.lock().unwrap().remove(&self.name);
    }
}

/// What comes from a client.
enum Input {
    Line(Vec<u8>),
    TooLong,
}

/// Puts lines together. What has come of the next one stays in here, so that `next` may be
/// dropped at any time.
struct Lines<R> {
    from: R,
    bytes: Vec<u8>,
    longest: usize,
}

impl<R: AsyncRead + Unpin> Lines<R> {
    async fn next(&mut self) -> io::Result<Input> {
        loop {
            if self.bytes.len() > self.longest + 1 {
                return Ok(Input::TooLong);
            }
            let end = self.bytes.iter().position(|byte| *byte == b'\n');
            if end.is_none() && self.bytes.len() > self.longest {
                return Ok(Input::TooLong);
            }
            if let Some(end) = end {
                let mut line: Vec<u8> = self.bytes.drain(..=end).collect();
                line.pop();
                return Ok(Input::Line(line));
            }
            if self.from.read_buf(&mut self.bytes).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}

/// Serves one client to its end. An error is an end like any other.
async fn client<C: AsyncRead + AsyncWrite>(
    io: C,
    hub: Arc<Hub>,
    rules: Rules,
    stopped: watch::Receiver<bool>,
) {
    let (from, mut to) = split(io);
    let lines = Lines { from, bytes: Vec::new(), longest: rules.longest };
    // What is to be written next. While there is some of it, nothing is read and nothing is
    // heard: whoever does not read waits, and nobody else does.
    let mut out = Vec::new();
    let mut me = None;
    let talk = talk(lines, &mut to, &mut out, &mut me, &hub, rules, stopped);
    if talk.await.is_ok() {
        while let Some(line) = me.as_mut().and_then(Member::has_to_hear) {
            out.extend_from_slice(line.as_bytes());
        }
        out.extend_from_slice(b"BYE\n");
        let bye = async {
            to.write_all(&out).await?;
            to.shutdown().await
        };
        let _ = timeout(rules.grace, bye).await;
    }
}

/// Returns when the client is to be sent away. If it is gone, that is an error.
async fn talk<C: AsyncRead + AsyncWrite>(
    mut lines: Lines<ReadHalf<C>>,
    to: &mut (impl AsyncWrite + Unpin),
    out: &mut Vec<u8>,
    me: &mut Option<Member>,
    hub: &Arc<Hub>,
    rules: Rules,
    mut stopped: watch::Receiver<bool>,
) -> io::Result<()> {
    // Outside of the loop: what others say is no reason to begin anew.
    let mut silent = pin!(sleep(rules.idle));
    loop {
        tokio::select! {
            biased;
            _ = stopped.wait_for(|stopped| *stopped) => return Ok(()),
            () = &mut silent => return Ok(()),
            written = to.write(out), if !out.is_empty() => match written? {
                0 => return Err(io::ErrorKind::WriteZero.into()),
                count => drop(out.drain(..count)),
            },
            next = next(&mut lines, me), if out.is_empty() => match next? {
                Next::Heard(line) => out.extend_from_slice(line.as_bytes()),
                Next::Sent(Input::TooLong) => return Ok(()),
                Next::Sent(Input::Line(line)) => {
                    silent.as_mut().reset(Instant::now() + rules.idle);
                    match (parse(&line), &me) {
                        (Command::Quit, _) => return Ok(()),
                        (Command::Say(words), Some(me)) => me.says(words),
                        (Command::Nick(name), None) => {
                            *me = Member::new(hub, name);
                            let answer = if me.is_some() { "WELCOME" } else { "TAKEN" };
                            out.extend_from_slice(format!("{answer} {name}\n").as_bytes());
                        }
                        _ => out.extend_from_slice(b"WHAT\n"),
                    }
                }
            },
        }
    }
}

enum Next {
    Heard(Arc<str>),
    Sent(Input),
}

/// Whatever comes first. Neither is preferred, so that neither has to wait for ever.
async fn next<R: AsyncRead + Unpin>(
    lines: &mut Lines<R>,
    me: &mut Option<Member>,
) -> io::Result<Next> {
    let hears = async {
        match me {
            Some(me) => me.hears().await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        line = hears => Ok(Next::Heard(line)),
        line = lines.next() => line.map(Next::Sent),
    }
}
