//! "One or two may wait, and of an error I hear at once": before those that wait.

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
    loop {
        let room = lines.waiting.len() < 2;
        tokio::select! {
            biased;
            place = out.reserve(), if !lines.waiting.is_empty() => match place {
                Ok(place) => place.send(lines.waiting.pop_front().unwrap()),
                Err(_) => return Ok(()),
            },
            line = lines.lines.next_line(), if room => match line? {
                Some(line) => lines.waiting.push_back(Event::Line(line)),
                None => break,
            },
            Some(()) = ticks.recv(), if room => lines.waiting.push_back(Event::Tick),
        }
    }
    while !lines.waiting.is_empty() {
        let Ok(place) = out.reserve().await else { break };
        place.send(lines.waiting.pop_front().unwrap());
    }
    Ok(())
}
