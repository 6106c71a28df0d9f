//! "The buffer is in `self`; I take it out for a moment, and put the rest back."

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::sync::mpsc;

pub struct LineReader<R> {
    reader: R,
    buffer: Vec<u8>,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    pub fn new(reader: R) -> Self {
        LineReader { reader, buffer: vec![] }
    }

    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        let mut buffer = std::mem::take(&mut self.buffer);
        loop {
            if let Some(end) = buffer.iter().position(|b| *b == b'\n') {
                self.buffer = buffer.split_off(end + 1);
                buffer.truncate(end);
                return String::from_utf8(buffer).map(Some).map_err(io::Error::other);
            }
            if self.reader.read_buf(&mut buffer).await? == 0 {
                return if buffer.is_empty() {
                    Ok(None)
                } else {
                    String::from_utf8(buffer).map(Some).map_err(io::Error::other)
                };
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
