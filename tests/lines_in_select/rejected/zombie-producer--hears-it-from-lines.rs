//! "A tick for which there is no place may go": and with it the news that nobody is there.

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
    loop {
        let place = out.reserve().await.ok();
        tokio::select! {
            line = lines.next_line() => match (line?, place) {
                (Some(line), Some(place)) => place.send(Event::Line(line)),
                _ => return Ok(()),
            },
            Some(()) = ticks.recv() => {
                if let Some(place) = place {
                    place.send(Event::Tick);
                }
            }
        }
    }
}
