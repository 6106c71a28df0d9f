//! "A line, then the ticks that have come meanwhile."

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader, Lines};
use tokio::sync::mpsc;

pub struct LineReader<R> {
    lines: Lines<BufReader<R>>,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    pub fn new(reader: R) -> Self {
        LineReader { lines: BufReader::new(reader).lines() }
    }

    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        self.lines.next_line().await
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
        let Some(line) = lines.next_line().await? else { break };
        place.send(Event::Line(line));
        while !ticks.is_empty() {
            let Ok(place) = out.reserve().await else { return Ok(()) };
            let _ = ticks.recv().await;
            place.send(Event::Tick);
        }
    }
    while !ticks.is_empty() {
        let Ok(place) = out.reserve().await else { return Ok(()) };
        let _ = ticks.recv().await;
        place.send(Event::Tick);
    }
    Ok(())
}
