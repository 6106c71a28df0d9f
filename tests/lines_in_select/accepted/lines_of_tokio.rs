//! `Lines` can be dropped half-way; the ticks have a flag that switches them off.

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
    let mut ticking = true;
    loop {
        let Ok(place) = out.reserve().await else { return Ok(()) };
        tokio::select! {
            biased;
            tick = ticks.recv(), if ticking => match tick {
                Some(()) => place.send(Event::Tick),
                None => ticking = false,
            },
            line = lines.next_line() => match line? { Some(line) => place.send(Event::Line(line)), None => return Ok(()) },
        }
    }
}
