//! "When the ticks have ended there are none, and the `if` looks after that."

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
    let mut open = Some(ticks);
    while let Ok(place) = out.reserve().await {
        tokio::select! {
            line = lines.next_line() => match line? { Some(line) => place.send(Event::Line(line)), None => break },
            tick = open.as_mut().unwrap().recv(), if open.is_some() => match tick {
                Some(()) => place.send(Event::Tick),
                None => open = None,
            },
        }
    }
    Ok(())
}
