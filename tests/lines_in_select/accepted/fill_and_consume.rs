//! Looks into the `BufReader`, and tells it what it has taken.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::sync::mpsc;

pub struct LineReader<R> {
    reader: BufReader<R>,
    line: Vec<u8>,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    pub fn new(reader: R) -> Self {
        LineReader { reader: BufReader::with_capacity(3, reader), line: Vec::new() }
    }

    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        loop {
            let piece = self.reader.fill_buf().await?;
            if piece.is_empty() {
                if self.line.is_empty() {
                    return Ok(None);
                }
                return String::from_utf8(std::mem::take(&mut self.line))
                    .map(Some)
                    .map_err(io::Error::other);
            }
            match piece.iter().position(|b| *b == b'\n') {
                Some(end) => {
                    self.line.extend_from_slice(&piece[..end]);
                    self.reader.consume(end + 1);
                    return String::from_utf8(std::mem::take(&mut self.line))
                        .map(Some)
                        .map_err(io::Error::other);
                }
                None => {
                    let n = piece.len();
                    self.line.extend_from_slice(piece);
                    self.reader.consume(n);
                }
            }
        }
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
