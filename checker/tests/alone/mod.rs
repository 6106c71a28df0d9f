//! One at a time, for tests that use the same place.

use std::fs::{self, File};
use std::path::Path;

/// Waits until nobody else has this name, in this process or, where each test is
/// run in one of its own, in another. It is held until the file is dropped.
pub fn alone(name: &str) -> File {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    fs::create_dir_all(folder).unwrap();
    let file = File::create(folder.join(name).with_extension("lock")).unwrap();
    file.lock().unwrap();
    file
}
