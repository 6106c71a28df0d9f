//! "What has no place yet waits in a queue of my own": two events, and they go with the future.

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
    let mut held = std::collections::VecDeque::new();
    let mut ended = false;
    loop {
        if ended && held.is_empty() {
            return Ok(());
        }
        let room = !ended && held.len() < 2;
        tokio::select! {
            place = out.reserve(), if !held.is_empty() => { let Ok(place) = place else { return Ok(()) }; place.send(held.pop_front().unwrap()); }
            line = lines.next_line(), if room => match line? { Some(line) => held.push_back(Event::Line(line)), None => ended = true },
            Some(()) = ticks.recv(), if room => held.push_back(Event::Tick),
        }
    }
}
