//! Tokio's own budget gives way; jobs for the blocking pool do the rest.

use std::io;
use std::io::BufRead;
use std::path::Path;

use futures::future::join_all;
use tokio::io::{AsyncBufRead, AsyncBufReadExt};
use tokio::task::consume_budget;

/// Counts the lines of a text until its end.
pub async fn count_lines<R: AsyncBufRead + Unpin>(
    mut r: R,
    mut progress: impl FnMut(u64),
) -> io::Result<u64> {
    let (mut line, mut count) = (String::new(), 0);
    while r.read_line(&mut line).await? > 0 {
        line.clear();
        count += 1;
        if count % 1_000 == 0 {
            progress(count);
        }
        consume_budget().await;
    }
    Ok(count)
}

/// The number of lines of each file, in the order of the paths.
pub async fn count_files<P: AsRef<Path>>(paths: &[P]) -> Vec<io::Result<u64>> {
    let jobs = paths.iter().map(|path| {
        let path = path.as_ref().to_owned();
        tokio::task::spawn_blocking(move || {
            let file = std::fs::File::open(path)?;
            let mut count = 0;
            for part in io::BufReader::new(file).split(b'\n') {
                part?;
                count += 1;
            }
            Ok(count)
        })
    });
    let ended = |job: Result<io::Result<u64>, tokio::task::JoinError>| {
        job.unwrap_or_else(|error| Err(io::Error::other(error)))
    };
    join_all(jobs).await.into_iter().map(ended).collect()
}

/// Copies a text in capital letters.
pub async fn copy_upper(src: &Path, dst: &Path) -> io::Result<u64> {
    let (src, dst) = (src.to_owned(), dst.to_owned());
    let copied = tokio::task::spawn_blocking(move || {
        let text = std::fs::read_to_string(src)?.to_uppercase();
        std::fs::write(dst, &text)?;
        Ok(text.len() as u64)
    });
    copied.await.map_err(io::Error::other)?
}
