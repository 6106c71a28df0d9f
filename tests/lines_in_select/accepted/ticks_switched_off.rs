//! The ticks are an `Option`, and so is the wait for the next one.

use std::io;

use futures::future::OptionFuture;
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
    let mut ticks = Some(ticks);
    loop {
        let Ok(place) = out.reserve().await else { return Ok(()) };
        let tick = OptionFuture::from(ticks.as_mut().map(|t| t.recv()));
        tokio::select! {
            line = lines.next_line() => match line? { Some(line) => place.send(Event::Line(line)), None => return Ok(()) },
            Some(tick) = tick => match tick { Some(()) => place.send(Event::Tick), None => { ticks = None; } },
        }
    }
}
