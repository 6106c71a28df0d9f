//! Files that are whole or not there at all.

use std::fs::{File, TryLockError};
use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::cancel::Cancel;
use crate::problem::{Problem, Result};

/// Writes a file so that nobody ever sees half of it, not even after the power
/// fails: a new file beside it, written through to the disk, takes its name.
pub(crate) fn write_whole(path: &Path, content: &[u8], durable: bool) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(content)?;
    if durable {
        file.as_file().sync_all()?;
    }
    file.persist(path)?;
    #[cfg(unix)]
    if durable {
        // The name itself is content of the folder.
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Writes `content` if the file does not hold it already: compilers and
/// editors look at time stamps.
pub(crate) fn write_if_different(path: &Path, content: &str) -> io::Result<()> {
    match std::fs::read(path) {
        Ok(old) if old == content.as_bytes() => Ok(()),
        _ => write_whole(path, content.as_bytes(), false),
    }
}

/// Gives a file one more name, which costs nothing; where that cannot be, a
/// copy.
pub(crate) fn same_file(from: &Path, to: &Path) -> io::Result<()> {
    match std::fs::hard_link(from, to) {
        Ok(()) => Ok(()),
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(_) => std::fs::copy(from, to).map(drop),
    }
}

/// Waits until no other program holds the lock at `path`, or until `cancel`;
/// held until the file is dropped. Where a file system has no locks (some
/// network drives), going on without is better than not at all.
pub(crate) fn lock(path: &Path, cancel: &Cancel) -> Result<File> {
    const PAUSE: Duration = Duration::from_millis(20);
    let folder = path.parent().unwrap_or(Path::new("."));
    let opened = std::fs::create_dir_all(folder)
        .and_then(|()| File::options().create(true).truncate(false).write(true).open(path));
    let file = opened.map_err(|e| Problem::io("write", path, &e))?;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if cancel.is_cancelled() => {
                return Err(Problem::new("cancelled"));
            }
            Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
            Err(TryLockError::Error(e)) if e.kind() == io::ErrorKind::Unsupported => {
                return Ok(file);
            }
            Err(TryLockError::Error(e)) => return Err(Problem::io("write", path, &e)),
        }
    }
}

/// What was kept at `path`. A cache that is missing, damaged or of another
/// shape is as good as none.
pub(crate) fn recall<T: DeserializeOwned>(path: &Path) -> Option<T> {
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}

/// Keeps `value` for [`recall`]. A cache that cannot be written only costs
/// time, so that is no error.
pub(crate) fn remember(path: &Path, value: &impl Serialize) {
    if let Ok(json) = serde_json::to_vec(value) {
        let _ = write_whole(path, &json, false);
    }
}
