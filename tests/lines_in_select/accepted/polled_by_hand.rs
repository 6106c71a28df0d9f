//! No `select!`, no async read: each poll looks at both.

use std::future::poll_fn;
use std::io;
use std::mem::replace;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, ReadBuf};
use tokio::sync::mpsc;

pub struct LineReader<R> {
    reader: R,
    bytes: Vec<u8>,
    ended: bool,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    pub fn new(reader: R) -> Self {
        LineReader { reader, bytes: Vec::new(), ended: false }
    }

    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        poll_fn(|cx| self.poll_line(cx)).await
    }

    fn poll_line(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Option<String>>> {
        loop {
            let end = self.bytes.iter().position(|byte| *byte == b'\n');
            if let Some(end) = end.or(self.ended.then_some(self.bytes.len())) {
                if self.ended && self.bytes.is_empty() {
                    return Poll::Ready(Ok(None));
                }
                let rest = self.bytes.get(end + 1..).unwrap_or_default().to_vec();
                let mut line = replace(&mut self.bytes, rest);
                line.truncate(end);
                return Poll::Ready(String::from_utf8(line).map(Some).map_err(io::Error::other));
            }
            let mut space = [0; 512];
            let mut piece = ReadBuf::new(&mut space);
            ready!(Pin::new(&mut self.reader).poll_read(cx, &mut piece))?;
            self.ended = piece.filled().is_empty();
            self.bytes.extend(piece.filled());
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
    loop {
        let Ok(place) = out.reserve().await else { return Ok(()) };
        let event = poll_fn(|cx| match lines.poll_line(cx) {
            Poll::Ready(line) => Poll::Ready(line.map(|line| line.map(Event::Line))),
            Poll::Pending => match ticks.poll_recv(cx) {
                Poll::Ready(Some(())) => Poll::Ready(Ok(Some(Event::Tick))),
                _ => Poll::Pending,
            },
        });
        match event.await? {
            Some(event) => place.send(event),
            None => return Ok(()),
        }
    }
}
