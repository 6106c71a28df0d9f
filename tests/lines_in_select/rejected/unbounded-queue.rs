//! "What has no place yet waits in a queue of mine": which takes whatever comes, for ever.

use std::collections::VecDeque;
use std::io;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader, Lines};
use tokio::sync::mpsc;

pub struct LineReader<R> {
    lines: Lines<BufReader<R>>,
    waiting: VecDeque<Event>,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    pub fn new(reader: R) -> Self {
        LineReader { lines: BufReader::new(reader).lines(), waiting: VecDeque::new() }
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
    let ended = loop {
        tokio::select! {
            biased;
            place = out.reserve(), if !lines.waiting.is_empty() => match place {
                Ok(place) => place.send(lines.waiting.pop_front().unwrap()),
                Err(_) => return Ok(()),
            },
            line = lines.lines.next_line() => match line {
                Ok(Some(line)) => lines.waiting.push_back(Event::Line(line)),
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            },
            Some(()) = ticks.recv() => lines.waiting.push_back(Event::Tick),
        }
    };
    while !lines.waiting.is_empty() {
        let Ok(place) = out.reserve().await else { break };
        place.send(lines.waiting.pop_front().unwrap());
    }
    ended
}
