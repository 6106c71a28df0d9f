//! "If `read_until` has read nothing, there is nothing."

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::sync::mpsc;

pub struct LineReader<R> {
    reader: BufReader<R>,
    line: Vec<u8>,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    pub fn new(reader: R) -> Self {
        LineReader { reader: BufReader::new(reader), line: vec![] }
    }

    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        if self.reader.read_until(b'\n', &mut self.line).await? == 0 {
            return Ok(None);
        }
        let mut line = std::mem::take(&mut self.line);
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
    while let Ok(place) = out.reserve().await {
        let event = tokio::select! {
            line = lines.next_line() => match line? { Some(line) => Event::Line(line), None => break },
            Some(()) = ticks.recv() => Event::Tick,
        };
        place.send(event);
    }
    Ok(())
}
