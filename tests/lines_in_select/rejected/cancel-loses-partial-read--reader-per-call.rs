//! "A `BufReader` for each line, around the reader that stays."

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::sync::mpsc;

pub struct LineReader<R> {
    reader: R,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    pub fn new(reader: R) -> Self {
        LineReader { reader }
    }

    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        let mut line = Vec::new();
        BufReader::new(&mut self.reader).read_until(b'\n', &mut line).await?;
        if line.is_empty() {
            return Ok(None);
        }
        let line = String::from_utf8(line).map_err(io::Error::other)?;
        Ok(Some(line.trim_end_matches('\n').to_owned()))
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
