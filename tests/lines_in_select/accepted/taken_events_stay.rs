//! What was taken and has no place yet waits in the `LineReader`.

use std::future::pending;
use std::io;
use std::mem::take;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::sync::mpsc;

pub struct LineReader<R> {
    reader: BufReader<R>,
    line: Vec<u8>,
    taken: Option<Event>,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    pub fn new(reader: R) -> Self {
        LineReader { reader: BufReader::new(reader), line: Vec::new(), taken: None }
    }

    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        // Appends; what it has read when it is dropped is in `self.line`.
        self.reader.read_until(b'\n', &mut self.line).await?;
        if self.line.is_empty() {
            return Ok(None);
        }
        let mut line = take(&mut self.line);
        if line.ends_with(b"\n") {
            line.pop();
        }
        String::from_utf8(line).map(Some).map_err(io::Error::other)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    Line(String),
    Tick,
}

pub async fn pump<R: AsyncRead + Unpin>(
    lines: &mut LineReader<R>,
    ticks: &mut mpsc::Receiver<()>,
    out: &mpsc::Sender<Event>,
) -> io::Result<()> {
    loop {
        if lines.taken.is_some() {
            let Ok(place) = out.reserve().await else { return Ok(()) };
            if let Some(event) = lines.taken.take() {
                place.send(event);
            }
            continue;
        }
        let event = tokio::select! {
            line = lines.next_line() => match line? { Some(line) => Event::Line(line), None => return Ok(()) },
            tick = next_tick(ticks) => tick,
        };
        lines.taken = Some(event);
    }
}

/// Never ready when there are no more.
async fn next_tick(ticks: &mut mpsc::Receiver<()>) -> Event {
    match ticks.recv().await {
        Some(()) => Event::Tick,
        None => pending().await,
    }
}
