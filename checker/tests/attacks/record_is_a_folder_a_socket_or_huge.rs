//! exercise: hello_async
//! tries: Makes a folder, a socket and a sparse file of the largest size where records are expected.
//! must: None is taken for a record, and nobody waits for one or reads it whole.
//! verdict: failed|crashed

use std::os::unix::net::UnixListener;
use std::{env, fs};

fn attack() {
    let path = env::var("ASYNCLINGS_RECORD").unwrap_or_default();
    let number = path.bytes().rev().nth(5).unwrap_or_default();
    match number % 3 {
        0 => drop(fs::create_dir(&path)),
        1 => {
            if let Ok(listener) = UnixListener::bind(&path) {
                println!("BREACH a socket: {listener:?}");
            }
        }
        _ => {
            if let Ok(file) = fs::File::create(&path) {
                let _ = file.set_len(60 << 20);
            }
        }
    }
    std::process::exit(0);
}

pub async fn simple_task(_: &kit::Log) {
    attack();
}

pub fn run(_: &tokio::runtime::Runtime, _: &kit::Log) {
    attack();
}
