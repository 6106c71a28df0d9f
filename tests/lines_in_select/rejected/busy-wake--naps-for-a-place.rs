//! "No place? Then I look again in a second": a nap for every look, and a place stays empty meanwhile.

use std::io;
use std::mem::take;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::sync::mpsc;

/// Reads lines from a reader whose bytes come in pieces.
pub struct LineReader<R> {
    reader: R,
    // What was read and is not yet given out. In `self`, so it outlives every call.
    // Bytes and no `String`: the last letter may be half there.
    buffer: Vec<u8>,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    /// Lines from this reader.
    pub fn new(reader: R) -> Self {
        LineReader { reader, buffer: Vec::new() }
    }

    /// The next line, without the `\n` at its end.
    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        loop {
            // First what is here already: one piece may have brought many lines.
            if let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
                let rest = self.buffer.split_off(end + 1);
                let mut line = std::mem::replace(&mut self.buffer, rest);
                line.truncate(end);
                return text(line).map(Some);
            }
            // The only await. Dropped here, this one read has read nothing yet, and
            // the earlier ones have put their bytes where they are safe.
            if self.reader.read_buf(&mut self.buffer).await? == 0 {
                // No bytes: not "nothing yet", but the end. A last line without its
                // `\n` may be left, and once it is given out there is none.
                let line = take(&mut self.buffer);
                return if line.is_empty() { Ok(None) } else { text(line).map(Some) };
            }
        }
    }
}

/// A whole line is whole letters, so now it can be text.
fn text(line: Vec<u8>) -> io::Result<String> {
    String::from_utf8(line).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

/// What has happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    Line(String),
    Tick,
}

/// Sends each line and each tick to `out` as it comes, until there are no more lines.
pub async fn pump<R: AsyncRead + Unpin>(
    lines: &mut LineReader<R>,
    ticks: &mut mpsc::Receiver<()>,
    out: &mpsc::Sender<Event>,
) -> io::Result<()> {
    // First the place, then the event. The other way round, this future would wait
    // for a place with an event in its hands, and lose it when it is dropped.
    loop {
        let place = match out.try_reserve() {
            Ok(place) => place,
            Err(mpsc::error::TrySendError::Closed(())) => return Ok(()),
            Err(mpsc::error::TrySendError::Full(())) => {
                tokio::time::sleep(std::time::Duration::from_secs(1)).await;
                continue;
            }
        };
        let event = tokio::select! {
            line = lines.next_line() => match line? {
                Some(line) => Event::Line(line),
                None => return Ok(()),
            },
            // No more ticks: `None` does not fit the pattern. That switches the
            // branch off, and the `select!` waits for the other one.
            Some(()) = ticks.recv() => Event::Tick,
        };
        place.send(event);
    }
}
