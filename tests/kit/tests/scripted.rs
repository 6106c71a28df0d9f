//! Scripted I/O on virtual time.

use kit::{run, scripted, secs, timed, took};
use tokio::io::AsyncReadExt;

#[test]
fn a_reader_follows_its_script() {
    run(async {
        let mut reader = scripted::Builder::new().read(b"ab").wait(secs(2)).read(b"c\n").build();
        let mut text = String::new();
        let (_, time) = timed(reader.read_to_string(&mut text)).await;
        took(time).should_be(secs(2));
        assert_eq!(text, "abc\n");
    });
}
