//! "A little for the lines, a look at the ticks, and so on."

use std::io;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader, Lines};
use tokio::sync::mpsc;
use tokio::time::timeout;

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
        if ticks.try_recv().is_ok() {
            place.send(Event::Tick);
            continue;
        }
        match timeout(Duration::from_millis(1), lines.next_line()).await {
            Ok(line) => match line? {
                Some(line) => place.send(Event::Line(line)),
                None => break,
            },
            Err(_) => {} // no line yet
        }
    }
    Ok(())
}
