//! "Is there one already? Then it has to go first."

use std::io;
use std::path::Path;

use futures::future::join_all;
use tokio::fs::File;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncWriteExt, BufReader, BufWriter};
use tokio::task::yield_now;

/// Counts the lines of a text until its end.
pub async fn count_lines<R: AsyncBufRead + Unpin>(
    r: R,
    mut progress: impl FnMut(u64),
) -> io::Result<u64> {
    let (mut lines, mut count) = (r.lines(), 0);
    while lines.next_line().await?.is_some() {
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
    join_all(paths.iter().map(|path| count_file(path.as_ref()))).await
}

async fn count_file(path: &Path) -> io::Result<u64> {
    let file = File::open(path).await?;
    count_lines(BufReader::new(file), |_| {}).await
}

/// Copies a text in capital letters.
pub async fn copy_upper(src: &Path, dst: &Path) -> io::Result<u64> {
    let mut from = BufReader::new(File::open(src).await?);
    if dst.exists() {
        tokio::fs::remove_file(dst).await?;
    }
    let mut to = BufWriter::new(File::create(dst).await?);
    let (mut line, mut written) = (String::new(), 0);
    while from.read_line(&mut line).await? > 0 {
        let upper = line.to_uppercase();
        to.write_all(upper.as_bytes()).await?;
        written += upper.len() as u64;
        line.clear();
    }
    to.flush().await?;
    Ok(written)
}
