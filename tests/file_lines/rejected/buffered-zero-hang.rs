//! "All of them at once, as there are not so many."

use std::io;
use std::path::Path;

use futures::{StreamExt, stream};
use tokio::fs::File;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncWriteExt, BufReader, BufWriter};
use tokio::task::yield_now;

const IN_ONE_GO: u64 = 1_000;

pub async fn count_lines<R: AsyncBufRead + Unpin>(
    r: R,
    mut progress: impl FnMut(u64),
) -> io::Result<u64> {
    let (mut lines, mut count) = (r.lines(), 0);
    while lines.next_line().await?.is_some() {
        count += 1;
        if count % IN_ONE_GO == 0 {
            progress(count);
            yield_now().await;
        }
    }
    Ok(count)
}

pub async fn count_files<P: AsRef<Path>>(paths: &[P]) -> Vec<io::Result<u64>> {
    stream::iter(paths).map(|path| count_file(path.as_ref())).buffered(paths.len()).collect().await
}

async fn count_file(path: &Path) -> io::Result<u64> {
    let file = File::open(path).await?;
    count_lines(BufReader::new(file), |_| {}).await
}

pub async fn copy_upper(src: &Path, dst: &Path) -> io::Result<u64> {
    let mut from = BufReader::new(File::open(src).await?);
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
