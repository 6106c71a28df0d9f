//! "Text can be read in pieces of any size."

use std::io;
use std::path::Path;

use futures::future::join_all;
use tokio::fs::File;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
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
    let mut from = File::open(src).await?;
    let mut to = File::create(dst).await?;
    let (mut buffer, mut written) = ([0; 4_096], 0);
    loop {
        let count = from.read(&mut buffer).await?;
        if count == 0 {
            to.flush().await?;
            return Ok(written);
        }
        let upper = String::from_utf8_lossy(&buffer[..count]).to_uppercase();
        to.write_all(upper.as_bytes()).await?;
        written += upper.len() as u64;
    }
}
