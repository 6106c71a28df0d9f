//! Two lines at once from one reader: who would get the first piece?
use std::io;

use exercise::lines_in_select::LineReader;
use futures::future::join;

pub async fn misuse(mut lines: LineReader<tokio::io::Empty>) -> io::Result<Option<String>> {
    let first = lines.next_line();
    let second = lines.next_line(); //~ E0499
    join(first, second).await.0
}

fn main() {}
