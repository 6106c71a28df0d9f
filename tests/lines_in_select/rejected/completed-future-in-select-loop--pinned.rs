//! "The wait for a tick is pinned, so that no line interrupts it."

use std::io;
use std::pin::pin;

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
    let mut ticks = pin!(next_tick(ticks));
    while let Ok(place) = out.reserve().await {
        let event = tokio::select! {
            line = lines.next_line() => match line? { Some(line) => Event::Line(line), None => break },
            true = &mut ticks => Event::Tick,
        };
        place.send(event);
    }
    Ok(())
}

async fn next_tick(ticks: &mut mpsc::Receiver<()>) -> bool {
    ticks.recv().await.is_some()
}
