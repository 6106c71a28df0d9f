//! Threads of its own.

use std::io::BufRead;
use std::path::Path;
use std::{io, thread};

use futures::future::join_all;
use tokio::io::{AsyncBufRead, AsyncBufReadExt};
use tokio::sync::oneshot;
use tokio::task::yield_now;

/// Counts the lines of a text until its end.
pub async fn count_lines<R: AsyncBufRead + Unpin>(
    r: R,
    mut progress: impl FnMut(u64),
) -> io::Result<u64> {
    let mut parts = r.split(b'\n');
    let mut count = 0;
    loop {
        for _ in 0..1_000 {
            if parts.next_segment().await?.is_none() {
                return Ok(count);
            }
            count += 1;
        }
        progress(count);
        yield_now().await;
    }
}

/// The number of lines of each file, in the order of the paths.
pub async fn count_files<P: AsRef<Path>>(paths: &[P]) -> Vec<io::Result<u64>> {
    let counts = paths.iter().map(|path| {
        let path = path.as_ref().to_owned();
        let (say, hear) = oneshot::channel();
        thread::spawn(move || {
            let count = std::fs::File::open(path).and_then(|file| {
                let mut count = 0;
                for part in io::BufReader::new(file).split(b'\n') {
                    part?;
                    count += 1;
                }
                Ok(count)
            });
            let _ = say.send(count);
        });
        async { hear.await.unwrap_or_else(|error| Err(io::Error::other(error))) }
    });
    join_all(counts).await
}

/// Copies a text in capital letters.
pub async fn copy_upper(src: &Path, dst: &Path) -> io::Result<u64> {
    let (src, dst) = (src.to_owned(), dst.to_owned());
    let (say, hear) = oneshot::channel();
    thread::spawn(move || {
        let copied = std::fs::read_to_string(src).and_then(|text| {
            let upper = text.to_uppercase();
            std::fs::write(dst, &upper)?;
            Ok(upper.len() as u64)
        });
        let _ = say.send(copied);
    });
    hear.await.map_err(io::Error::other)?
}
