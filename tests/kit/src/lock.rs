//! Locks that are held while a future waits.

use std::sync::{Mutex, TryLockError};

use crate::blame;

/// Fails the test if `lock` is held right now. To be asked after a poll that
/// returned `Pending`.
#[track_caller]
pub fn lock_is_free<T>(lock: &Mutex<T>, what: &str, pitfall: &str) {
    let held = matches!(lock.try_lock(), Err(TryLockError::WouldBlock));
    blame(pitfall).because("lock-held", &[("what", &what)]).unless(!held);
}
