//! What every learner sees: two who talk, and one who leaves.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use exercise::chat_server::{Door, Rules, serve};
use futures::future::pending;
use kit::{alive_tasks, blame, ms, note, plainly, require_send, run, secs, tell_panic};
use tokio::io::{
    AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader, DuplexStream, ReadBuf, duplex,
};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{Mutex, oneshot};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

#[test]
fn two_talk_with_each_other() {
    run(async {
        let house = House::opens(RULES);
        let (mut ada, mut bob) = two(&house).await;
        ada.sends("SAY hello\n").await;
        plainly().unless_eq(ada.gets().await, "ada: hello");
        plainly().unless_eq(bob.gets().await, "ada: hello");
        bob.sends("SAY good morning, ada\n").await;
        plainly().unless_eq(ada.gets().await, "bob: good morning, ada");
        plainly().unless_eq(bob.gets().await, "bob: good morning, ada");
    });
}

#[test]
fn who_quits_gets_a_bye() {
    run(async {
        let house = House::opens(RULES);
        let (mut ada, mut bob) = two(&house).await;
        ada.sends("QUIT\n").await;
        plainly().unless_eq(ada.gets().await, "BYE");
        plainly().unless_eq(ada.gets().await, THE_END);
        // For the others it goes on.
        bob.sends("SAY is anybody there?\n").await;
        plainly().unless_eq(bob.gets().await, "bob: is anybody there?");
    });
}

/// What is allowed where a test does not care.
pub const RULES: Rules =
    Rules { longest: 100, backlog: 64, idle: secs(12 * 3_600), grace: secs(10) };

/// Two who have come in and have names.
pub async fn two(house: &House) -> (Peer, Peer) {
    let ada = house.member("ada").await;
    // One who says nothing is in nobody's way, and may leave.
    let silent = house.lets_in("somebody");
    let mut bob = house.lets_in("bob");
    bob.sends("NICK bob\n").await;
    blame("sequential-awaits").unless_eq(bob.gets().await, "WELCOME bob");
    drop(silent);
    sleep(ms(1)).await;
    blame("one-failure-kills-all").unless(!house.served.is_finished());
    (ada, bob)
}

/// So many bytes a line holds where a test does not care.
pub const ROOM: usize = 4_096;

/// A server with a door that visitors come in at.
pub struct House {
    arrivals: UnboundedSender<io::Result<Wire>>,
    asked: Calls,
    stop: Option<oneshot::Sender<()>>,
    /// How many tasks were left at the moment when `serve` returned.
    pub served: JoinHandle<usize>,
}

impl House {
    pub fn opens(rules: Rules) -> House {
        let (arrivals, street) = unbounded_channel();
        let (stop, stopped) = oneshot::channel::<()>();
        let asked = Calls::default();
        let street = Street { arrivals: Mutex::new(street), asked: asked.clone() };
        let stopped = async {
            if stopped.await.is_err() {
                pending().await
            }
        };
        let serves = serve(street, rules, stopped);
        require_send(&serves); // gate: non-send-across-await
        let served = tokio::spawn(async {
            serves.await;
            // This one is still there.
            alive_tasks() - 1
        });
        House { arrivals, asked, stop: Some(stop), served }
    }

    /// A visitor comes in.
    pub fn lets_in(&self, name: &str) -> Peer {
        self.lets_in_with(name, ROOM, false)
    }

    /// A visitor comes in over a line that holds so many bytes in each direction. It may
    /// break, instead of having an end.
    pub fn lets_in_with(&self, name: &str, room: usize, breaks: bool) -> Peer {
        let (near, far) = duplex(room);
        // If nobody is there to accept it, it will see that its line is closed.
        let _ = self.arrivals.send(Ok(Wire { pipe: near, breaks }));
        Peer { name: name.to_owned(), line: BufReader::new(far) }
    }

    /// The next call of `accept` fails.
    pub fn door_sticks(&self) {
        let _ = self.arrivals.send(Err(io::Error::other("too many open files")));
    }

    /// A visitor has come in and has a name.
    pub async fn member(&self, name: &str) -> Peer {
        self.member_with(name, ROOM).await
    }

    /// The same, over a line that holds so many bytes.
    pub async fn member_with(&self, name: &str, room: usize) -> Peer {
        let mut peer = self.lets_in_with(name, room, false);
        peer.takes_name().await;
        peer
    }

    /// How long each pause was: from an error of `accept` to the next call.
    pub fn pauses(&self) -> Vec<Duration> {
        let asked = self.asked.lock().unwrap();
        let pauses = asked.windows(2).filter_map(|calls| Some(calls[1].at - calls[0].failed_at?));
        pauses.collect()
    }

    pub fn stops(&mut self) {
        let stop = self.stop.take().expect("it is stopped once");
        let _ = stop.send(());
    }
}

/// A call of `accept`.
struct Asked {
    at: Instant,
    failed_at: Option<Instant>,
}

type Calls = Arc<std::sync::Mutex<Vec<Asked>>>;

/// What a server waits at.
struct Street {
    arrivals: Mutex<UnboundedReceiver<io::Result<Wire>>>,
    asked: Calls,
}

impl Door for Street {
    type Client = Wire;

    async fn accept(&self) -> io::Result<Wire> {
        let call = {
            let mut asked = self.asked.lock().unwrap();
            asked.push(Asked { at: Instant::now(), failed_at: None });
            asked.len() - 1
        };
        match self.arrivals.lock().await.recv().await {
            Some(Ok(wire)) => Ok(wire),
            Some(Err(error)) => {
                note("the door sticks");
                self.asked.lock().unwrap()[call].failed_at = Some(Instant::now());
                Err(error)
            }
            None => pending().await,
        }
    }
}

/// The server's end of a line.
pub struct Wire {
    pipe: DuplexStream,
    breaks: bool,
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let (before, room) = (into.filled().len(), into.remaining());
        let read = Pin::new(&mut self.pipe).poll_read(context, into);
        let end = room > 0 && matches!(read, Poll::Ready(Ok(()))) && into.filled().len() == before;
        match end && self.breaks {
            true => Poll::Ready(Err(io::ErrorKind::ConnectionReset.into())),
            false => read,
        }
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.pipe).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.pipe).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.pipe).poll_shutdown(context)
    }
}

/// A client's end of a line.
pub struct Peer {
    pub name: String,
    pub line: BufReader<DuplexStream>,
}

/// What [`Peer::gets`] gives when the line is closed.
pub const THE_END: &str = "(the end)";
/// What [`Peer::gets`] gives when nothing comes.
pub const NOTHING: &str = "(nothing)";

impl Peer {
    /// Sends this, as far as anybody takes it.
    pub async fn sends(&mut self, bytes: impl AsRef<[u8]>) {
        let text = String::from_utf8_lossy(bytes.as_ref()).into_owned();
        note(format!("{} sends {text:?}", self.name));
        let _ = timeout(WAIT, self.line.write_all(bytes.as_ref())).await;
    }

    /// Asks for a name and gets it.
    pub async fn takes_name(&mut self) {
        self.sends(format!("NICK {}\n", self.name)).await;
        let welcome = format!("WELCOME {}", self.name);
        let answer = self.gets().await;
        if answer == NOTHING {
            // What lies in a buffer may come when there is nothing more to come.
            self.sends("QUIT\n").await;
            blame("unflushed-writer").unless(self.gets().await != welcome);
        }
        plainly().unless_eq(answer, welcome);
    }

    /// The next line, without its end.
    pub async fn gets(&mut self) -> String {
        let mut line = String::new();
        let read = timeout(WAIT, self.line.read_line(&mut line)).await;
        let line = match read {
            Ok(Ok(_)) if line.ends_with('\n') => line.trim_end_matches('\n').to_owned(),
            Ok(_) => THE_END.to_owned(),
            Err(_) => NOTHING.to_owned(),
        };
        if line == THE_END || line == NOTHING {
            // If it does not come because somebody has panicked, that comes first.
            tell_panic();
        }
        note(format!("{} gets {line:?}", self.name));
        line
    }
}

/// Nothing that is to come takes any time. So this is long.
pub const WAIT: Duration = secs(1);
