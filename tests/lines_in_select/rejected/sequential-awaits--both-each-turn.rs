//! "`join!` waits for both at once."

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
        let (line, tick) = tokio::join!(lines.next_line(), ticks.recv());
        if tick.is_some() && out.send(Event::Tick).await.is_err() {
            return Ok(());
        }
        match line? {
            Some(line) => {
                if out.send(Event::Line(line)).await.is_err() {
                    return Ok(());
                }
            }
            None => return Ok(()),
        }
    }
}
