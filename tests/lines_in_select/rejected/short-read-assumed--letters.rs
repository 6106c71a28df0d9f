//! "Text is easier to search than bytes, so each piece becomes text at once."

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::sync::mpsc;

pub struct LineReader<R> {
    reader: R,
    buffer: String,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    pub fn new(reader: R) -> Self {
        LineReader { reader, buffer: String::new() }
    }

    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        loop {
            if let Some((line, rest)) = self.buffer.split_once('\n') {
                let (line, rest) = (line.to_owned(), rest.to_owned());
                self.buffer = rest;
                return Ok(Some(line));
            }
            let mut piece = [0; 1_024];
            let length = self.reader.read(&mut piece).await?;
            if length == 0 {
                let last = std::mem::take(&mut self.buffer);
                return Ok(if last.is_empty() { None } else { Some(last) });
            }
            self.buffer += std::str::from_utf8(&piece[..length]).map_err(io::Error::other)?;
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
