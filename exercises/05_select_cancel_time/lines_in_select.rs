//! lines_in_select: what has been read must not be lost when somebody looks away.
//!
//! You know this from asyncio:
//!
//!     line = asyncio.create_task(reader.readline())
//!     tick = asyncio.create_task(ticks.get())
//!     await asyncio.wait({line, tick}, return_when=FIRST_COMPLETED)
//!     line.cancel()           # half a line was there? The StreamReader keeps it
//!
//! In Rust the loser of a `select!` is dropped, with all its local variables. So
//! for each await ask: if the future ends right here, what is in its hands? What
//! it has taken from the source and keeps in a variable is gone for good.
//!
//! There are two such places here. `next_line` collects the pieces of a line.
//! And `pump` takes something that it cannot hand on at once.

use std::io;

use tokio::io::AsyncRead;
use tokio::sync::mpsc;

/// Reads lines. The bytes come from a reader, in pieces of any size, and are UTF-8
/// as a whole: a piece may end in the middle of a line, or of a letter, and may
/// hold several lines.
pub struct LineReader<R> {
    reader: R,
    // TODO: is this all that it must remember from one call to the next?
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    /// Lines from this reader. It goes when the `LineReader` goes.
    pub fn new(reader: R) -> Self {
        LineReader { reader }
    }

    /// The next line, without the `\n` at its end (a `\r` before that may go, too), as
    /// soon as it is there. None when there are no more, and None again whenever it is
    /// asked after that.
    ///
    /// The last line may lack its `\n`. Two `\n` in a row have an empty line
    /// between them. If the reader fails, its error comes after the lines before it.
    ///
    /// If this future is dropped half-way, nothing is lost: the next call goes on
    /// with the same line.
    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        let _ = &mut self.reader;
        todo!("read until there is a whole line")
    }
}

/// What has happened. Leave this one as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    Line(String),
    Tick,
}

/// Sends each line and each tick to `out` as it comes, until there are no more
/// lines. If the reader fails, it returns the error, after it has sent the lines
/// before it.
///
/// - When there are no more ticks, there may still be lines: it goes on, and
///   sleeps until the next one.
/// - When `out` is full, it waits, for as long as it takes, and nothing is lost. But
///   for a few, it leaves the lines and ticks of that time where they are.
/// - When nobody receives from `out` any more, there is nothing left to do: it
///   returns `Ok` at the next event, or before.
/// - If this future is dropped half-way, at whatever await, nothing is lost: what
///   is not in `out` yet is still in `lines` or in `ticks`, for the next call.
pub async fn pump<R: AsyncRead + Unpin>(
    lines: &mut LineReader<R>,
    ticks: &mut mpsc::Receiver<()>,
    out: &mpsc::Sender<Event>,
) -> io::Result<()> {
    let _ = (lines, ticks, out);
    todo!("a loop around `select!`")
}
