//! Lines as bytes, tasks, and whole files in one go.

use std::io;
use std::path::Path;

use tokio::fs::File;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, BufReader};
use tokio::task::yield_now;

/// Counts the lines of a text until its end.
pub async fn count_lines<R: AsyncBufRead + Unpin>(
    mut r: R,
    mut progress: impl FnMut(u64),
) -> io::Result<u64> {
    let (mut line, mut count) = (Vec::new(), 0);
    while r.read_until(b'\n', &mut line).await? > 0 {
        line.clear();
        count += 1;
        if count % 1_000 == 0 {
            progress(count);
            yield_now().await;
        }
    }
    Ok(count)
}

/// The number of lines of each file, in the order of the paths.
pub async fn count_files<P: AsRef<Path>>(paths: &[P]) -> Vec<io::Result<u64>> {
    let spawned: Vec<_> = paths
        .iter()
        .map(|path| {
            let path = path.as_ref().to_owned();
            tokio::spawn(async move { count_file(&path).await })
        })
        .collect();
    let mut counts = Vec::new();
    for task in spawned {
        counts.push(task.await.map_err(io::Error::other).and_then(|count| count));
    }
    counts
}

async fn count_file(path: &Path) -> io::Result<u64> {
    let file = File::open(path).await?;
    count_lines(BufReader::new(file), |_| {}).await
}

/// Copies a text in capital letters.
pub async fn copy_upper(src: &Path, dst: &Path) -> io::Result<u64> {
    let text = tokio::fs::read_to_string(src).await?.to_uppercase();
    tokio::fs::write(dst, &text).await?;
    Ok(text.len() as u64)
}
