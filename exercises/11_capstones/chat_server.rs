//! chat_server: many who talk, and one who does not listen.
//!
//! You know this from asyncio:
//!
//!     async def client(reader, writer):
//!         clients.add(writer)
//!         while line := await reader.readline():
//!             for other in clients:
//!                 other.write(line)
//!                 await other.drain()
//!
//!     server = await asyncio.start_server(client, port=6667)
//!
//! That is a chat, for as long as all goes well. Now one client stops reading. `drain`
//! waits for it, and everybody waits for `drain`. Leave `drain` out, and the lines for
//! this one client pile up until the memory is full. One client hangs up in the middle of
//! a line. One never says anything. And somebody presses Ctrl-C.
//!
//! A client can do three things at any time: send, be slow, go away. So each client's
//! loop waits for several things at once, and whatever wins must not cost what the others
//! had already in their hands.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};

/// Where clients come in. Leave this one as it is.
pub trait Door: Send + Sync + 'static {
    /// A client's line. What the client sends is read, what is written is sent to it.
    type Client: AsyncRead + AsyncWrite + Unpin + Send + 'static;

    /// The next client. It may fail, and work again later. If this future is dropped, no
    /// client is lost.
    fn accept(&self) -> impl Future<Output = io::Result<Self::Client>> + Send;
}

/// After an error of `accept`, the next call is so much later. Leave this one as it is.
pub const PAUSE: Duration = Duration::from_secs(1);

/// What the house allows. None of it is 0. Leave this one as it is.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// A line has so many bytes at most. The `\n` does not count.
    pub longest: usize,
    /// So many lines are kept for a client that is slow. It is a power of two.
    pub backlog: usize,
    /// A client has to send a line every so often, whatever it says.
    pub idle: Duration,
    /// So long a client has to take its last words.
    pub grace: Duration,
}

/// What a client wants. Leave this one as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command<'a> {
    Nick(&'a str),
    Say(&'a str),
    Quit,
    Unknown,
}

/// Reads a line, without the `\n` at its end. Leave this one as it is.
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
///
/// A line ends with `\n`, in both directions. A `\r` before it is a part of the line.
///
/// | a client sends | what comes of it |
/// | --- | --- |
/// | `NICK ada` | it gets `WELCOME ada`, or `TAKEN ada` if somebody there has this name |
/// | `SAY hello` | all who have a name get `ada: hello`, ada too, all in the same order |
/// | `QUIT` | it is sent away |
/// | anything else | it gets `WHAT`; so do who speaks before it has a name, and who wants a second name |
///
/// - Nobody waits for others: not for one who is silent, and not for one who does not read.
/// - For a client that does not read, `backlog` lines are kept, and not many more. In the
///   place of those that are lost it gets `LAGGED 7` if they were 7. (If the newest are
///   lost, that is before the next line it gets.) Until it reads, what it sends may wait, and
///   does not count as sent.
/// - Who is sent away gets what was said before and `BYE`, and then its line is closed. That
///   is who quits, who has begun a line that is too long, and who has not sent a whole line
///   for as long as `idle`, whether it reads or not.
/// - Who has not taken its last words within `grace` does not get the rest, and is gone.
/// - When a client has closed its line, or the line is broken, it is gone. What has come of
///   a line that is not complete does not count. Its name is free again.
/// - An error of `accept` is no reason to end, nor to ask again at once: see `PAUSE`.
///
/// As soon as `stop` is ready, nobody comes in any more, and all are sent away. When the
/// last one is gone, this returns. No task is left then, nor is one left soon after this
/// was dropped. While nobody says anything, it sleeps.
pub async fn serve<D: Door>(door: D, rules: Rules, stop: impl Future<Output = ()> + Send) {
    let _ = (door, rules, stop);
    todo!("let them in, let them talk, let them go")
}
