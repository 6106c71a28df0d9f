//! A reader that stops when too much was read.

use std::cell::Cell;
use std::io::{self, Read, Seek, SeekFrom};
use std::rc::Rc;

/// How many bytes may still be read. Several readers may share it.
#[derive(Clone, Debug)]
pub(super) struct Allowance(Rc<Cell<u64>>);

impl Allowance {
    /// That many bytes.
    pub fn new(bytes: u64) -> Self {
        Allowance(Rc::new(Cell::new(bytes)))
    }

    /// What is left.
    pub fn left(&self) -> u64 {
        self.0.get()
    }

    /// Whether nothing is left.
    pub fn is_used_up(&self) -> bool {
        self.left() == 0
    }

    /// Takes off what was read.
    pub fn spend(&self, bytes: u64) {
        self.0.set(self.left().saturating_sub(bytes));
    }
}

/// Reads from another reader, within an allowance.
pub(super) struct Meter<R> {
    inner: R,
    allowance: Allowance,
}

impl<R> Meter<R> {
    pub fn new(inner: R, allowance: &Allowance) -> Self {
        Meter { inner, allowance: allowance.clone() }
    }
}

impl<R: Read> Read for Meter<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.allowance.is_used_up() && !into.is_empty() {
            return Err(io::Error::from(io::ErrorKind::QuotaExceeded));
        }
        let left = usize::try_from(self.allowance.left()).unwrap_or(usize::MAX);
        let most = into.len().min(left);
        let read = self.inner.read(&mut into[..most])?;
        self.allowance.spend(read as u64);
        Ok(read)
    }
}

impl<R: Seek> Seek for Meter<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readers_share_what_may_be_read() {
        let allowance = Allowance::new(10);
        let mut first = Meter::new(io::repeat(1), &allowance);
        first.read_exact(&mut [0; 6]).unwrap();
        let mut second = Meter::new(&b"ab"[..], &allowance);
        let mut all = Vec::new();
        second.read_to_end(&mut all).unwrap();
        assert_eq!((all.as_slice(), allowance.left()), (&b"ab"[..], 2));
        let mut rest = Vec::new();
        let error = first.read_to_end(&mut rest).unwrap_err();
        assert_eq!((error.kind(), rest.len()), (io::ErrorKind::QuotaExceeded, 2));
        assert!(allowance.is_used_up());
    }
}
