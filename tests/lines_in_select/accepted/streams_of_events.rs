//! Two streams of events, made into one. A place for the next event comes first.

use std::io;
use std::pin::pin;

use futures::stream::{self, StreamExt, TryStreamExt};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::sync::mpsc;

pub struct LineReader<R> {
    reader: R,
    buffer: Vec<u8>,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    pub fn new(reader: R) -> Self {
        LineReader { reader, buffer: Vec::new() }
    }

    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        loop {
            if let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
                let line = self.buffer.drain(..=end).take(end).collect();
                return Ok(Some(String::from_utf8(line).map_err(io::Error::other)?));
            }
            if self.reader.read_buf(&mut self.buffer).await? == 0 {
                if self.buffer.is_empty() {
                    return Ok(None);
                }
                let line = std::mem::take(&mut self.buffer);
                return Ok(Some(String::from_utf8(line).map_err(io::Error::other)?));
            }
        }
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
    let lines = stream::try_unfold(lines, |lines| async {
        let line = lines.next_line().await?;
        Ok::<_, io::Error>(line.map(|line| (Some(Event::Line(line)), lines)))
    });
    // The end of the lines is an event, too, or the ticks would go on after it.
    let lines = lines.chain(stream::once(async { Ok(None) }));
    let ticks = stream::poll_fn(|cx| ticks.poll_recv(cx)).map(|()| Ok(Some(Event::Tick)));
    let mut events = pin!(stream::select(lines, ticks));
    while let Ok(place) = out.reserve().await {
        match events.try_next().await? {
            Some(Some(event)) => place.send(event),
            _ => break,
        }
    }
    Ok(())
}
