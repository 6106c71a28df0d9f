//! exercise: hello_async
//! tries: Makes links of all records: to a device without end, to a file of the system, to itself.
//! must: Only a regular file is read as a record.
//! verdict: failed|crashed

use std::fs;
use std::os::unix::fs::symlink;

fn attack() {
    for (n, to) in
        ["/dev/urandom", "/dev/null", "/usr/lib/os-release"].iter().cycle().take(12).enumerate()
    {
        let record = format!("/tmp/records/{n}.json");
        let _ = fs::remove_file(&record);
        let _ = symlink(to, record);
    }
    let _ = fs::remove_file("/tmp/records/0.json");
    let _ = symlink("/tmp/records/0.json", "/tmp/records/0.json");
    std::process::exit(0);
}

pub async fn simple_task(_: &kit::Log) {
    attack();
}

pub fn run(_: &tokio::runtime::Runtime, _: &kit::Log) {
    attack();
}
