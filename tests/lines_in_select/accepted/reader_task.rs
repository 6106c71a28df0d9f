//! A task reads lines into a channel, and ends with the `LineReader`.

use std::io;
use std::marker::PhantomData;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

pub struct LineReader<R> {
    lines: mpsc::Receiver<io::Result<String>>,
    task: JoinHandle<()>,
    reader: PhantomData<R>,
}

impl<R: AsyncRead + Unpin + Send + 'static> LineReader<R> {
    pub fn new(reader: R) -> Self {
        let (found, lines) = mpsc::channel(8);
        let task = tokio::spawn(async move {
            let mut lines = BufReader::new(reader).lines();
            while let Some(line) = lines.next_line().await.transpose() {
                let failed = line.is_err();
                if found.send(line).await.is_err() || failed {
                    break;
                }
            }
        });
        LineReader { lines, task, reader: PhantomData }
    }

    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        self.lines.recv().await.transpose()
    }
}

impl<R> Drop for LineReader<R> {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    Line(String),
    Tick,
}

pub async fn pump<R: AsyncRead + Unpin + Send + 'static>(
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
