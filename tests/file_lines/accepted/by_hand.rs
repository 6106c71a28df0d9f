//! Polled by hand; a set of tasks.

use std::future::poll_fn;
use std::io;
use std::path::Path;
use std::pin::Pin;
use std::task::Poll;

use tokio::fs::File;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::task::JoinSet;

/// Counts the lines of a text until its end.
pub async fn count_lines<R: AsyncBufRead + Unpin>(
    mut r: R,
    mut progress: impl FnMut(u64),
) -> io::Result<u64> {
    let (mut count, mut open) = (0_u64, false);
    poll_fn(|cx| {
        let mut left = 1_000;
        loop {
            let buffer = match Pin::new(&mut r).poll_fill_buf(cx) {
                Poll::Ready(Ok(buffer)) => buffer,
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => return Poll::Pending,
            };
            if buffer.is_empty() {
                if open {
                    count += 1;
                    if count % 1_000 == 0 {
                        progress(count);
                    }
                }
                return Poll::Ready(Ok(count));
            }
            let mut used = 0;
            for byte in buffer {
                used += 1;
                open = *byte != b'\n';
                if !open {
                    count += 1;
                    left -= 1;
                    if count % 1_000 == 0 {
                        progress(count);
                    }
                    if left == 0 {
                        break;
                    }
                }
            }
            Pin::new(&mut r).consume(used);
            if left == 0 {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
        }
    })
    .await
}

/// The number of lines of each file, in the order of the paths.
pub async fn count_files<P: AsRef<Path>>(paths: &[P]) -> Vec<io::Result<u64>> {
    let mut tasks = JoinSet::new();
    for (at, path) in paths.iter().enumerate() {
        let path = path.as_ref().to_owned();
        tasks.spawn(async move { (at, count_file(&path).await) });
    }
    let mut counts: Vec<_> = paths.iter().map(|_| Err(io::ErrorKind::Other.into())).collect();
    while let Some(Ok((at, count))) = tasks.join_next().await {
        counts[at] = count;
    }
    counts
}

async fn count_file(path: &Path) -> io::Result<u64> {
    let file = File::open(path).await?;
    count_lines(BufReader::new(file), |_| {}).await
}

/// Copies a text in capital letters.
pub async fn copy_upper(src: &Path, dst: &Path) -> io::Result<u64> {
    let mut from = BufReader::new(File::open(src).await?);
    let mut to = File::create(dst).await?;
    let (mut line, mut written) = (Vec::new(), 0);
    while from.read_until(b'\n', &mut line).await? > 0 {
        let text = std::str::from_utf8(&line).map_err(io::Error::other)?;
        let upper = text.to_uppercase();
        to.write_all(upper.as_bytes()).await?;
        written += upper.len() as u64;
        line.clear();
    }
    to.shutdown().await?;
    Ok(written)
}
