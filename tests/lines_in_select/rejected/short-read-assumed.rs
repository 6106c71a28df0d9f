//! "What comes in one piece are whole lines."

use std::collections::VecDeque;
use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::sync::mpsc;

pub struct LineReader<R> {
    reader: R,
    lines: VecDeque<String>,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    pub fn new(reader: R) -> Self {
        LineReader { reader, lines: VecDeque::new() }
    }

    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        if self.lines.is_empty() {
            let mut piece = [0; 1_024];
            let length = self.reader.read(&mut piece).await?;
            let text = String::from_utf8_lossy(&piece[..length]);
            self.lines.extend(text.lines().map(str::to_owned));
        }
        Ok(self.lines.pop_front())
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
