//! file_lines: the reference answer.
//!
//! Every call of `tokio::fs` is a job for another thread, and an await for us. So
//! read and write in large pieces: that is what the two buffers are for.

use std::io;
use std::path::Path;

use futures::{StreamExt, stream};
use tokio::fs::File;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncWriteExt, BufReader, BufWriter};
use tokio::task::yield_now;

/// So many lines in one go, and no more.
const IN_ONE_GO: u64 = 1_000;

/// So many files at once. Each costs a file handle, and there is an end of those.
const FILES: usize = 8;

/// Counts the lines of a text until its end.
pub async fn count_lines<R: AsyncBufRead + Unpin>(
    r: R,
    mut progress: impl FnMut(u64),
) -> io::Result<u64> {
    let (mut lines, mut count) = (r.lines(), 0);
    while lines.next_line().await?.is_some() {
        count += 1;
        if count % IN_ONE_GO == 0 {
            progress(count);
            // The await above gives way only when it has to wait. Of a text that is
            // there already it never does.
            yield_now().await;
        }
    }
    Ok(count)
}

/// The number of lines of each file, in the order of the paths.
pub async fn count_files<P: AsRef<Path>>(paths: &[P]) -> Vec<io::Result<u64>> {
    // An error is a result like any other here: it stands in its place, and the rest
    // goes on.
    stream::iter(paths).map(|path| count_file(path.as_ref())).buffered(FILES).collect().await
}

async fn count_file(path: &Path) -> io::Result<u64> {
    let file = File::open(path).await?;
    // A `File` itself gives bytes, and no lines.
    count_lines(BufReader::new(file), |_| {}).await
}

/// Copies a text in capital letters.
pub async fn copy_upper(src: &Path, dst: &Path) -> io::Result<u64> {
    // In this order: if there is nothing to copy, `dst` has not been touched.
    let mut from = BufReader::new(File::open(src).await?);
    let mut to = BufWriter::new(File::create(dst).await?);
    let (mut line, mut written) = (String::new(), 0);
    // `read_line` keeps the end of the line, where `lines` takes it off.
    while from.read_line(&mut line).await? > 0 {
        let upper = line.to_uppercase();
        to.write_all(upper.as_bytes()).await?;
        written += upper.len() as u64;
        // It appends: without this the second line would begin with the first.
        line.clear();
    }
    // Until here some bytes are in the `BufWriter`, and some with the thread that
    // writes them. This awaits both; `Drop` could await nothing.
    to.flush().await?;
    Ok(written)
}
