//! "The text is in memory now; writing it takes one call."

use std::io;
use std::path::Path;

use futures::future::join_all;
use tokio::fs::File;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, BufReader};
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
    let text = tokio::fs::read_to_string(src).await?.to_uppercase();
    std::fs::write(dst, &text)?;
    Ok(text.len() as u64)
}
