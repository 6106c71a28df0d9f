//! A turn for others after every line; a large buffer, and small pieces for the copy.

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
        }
        yield_now().await;
    }
    Ok(count)
}

/// The number of lines of each file, in the order of the paths.
pub async fn count_files<P: AsRef<Path>>(paths: &[P]) -> Vec<io::Result<u64>> {
    join_all(paths.iter().map(|path| count_file(path.as_ref()))).await
}

async fn count_file(path: &Path) -> io::Result<u64> {
    let file = File::open(path).await?;
    count_lines(BufReader::with_capacity(64 * 1024, file), |_| {}).await
}

/// Copies a text in capital letters.
pub async fn copy_upper(src: &Path, dst: &Path) -> io::Result<u64> {
    let mut from = File::open(src).await?;
    let mut to = File::create(dst).await?;
    let (mut piece, mut text, mut written) = ([0; 256], Vec::new(), 0);
    loop {
        let count = from.read(&mut piece).await?;
        if count == 0 {
            break;
        }
        text.extend_from_slice(&piece[..count]);
        // The last letter may be cut: its rest comes with the next piece.
        let whole = std::str::from_utf8(&text).map_or_else(|cut| cut.valid_up_to(), str::len);
        let upper = String::from_utf8_lossy(&text[..whole]).to_uppercase();
        to.write_all(upper.as_bytes()).await?;
        written += upper.len() as u64;
        text.drain(..whole);
    }
    to.flush().await?;
    Ok(written)
}
