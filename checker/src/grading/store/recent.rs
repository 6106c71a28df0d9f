//! Verdicts that were read a moment ago. Many students share one, and reading
//! it takes longer than all else that is asked of a student.

use std::collections::HashMap;
use std::sync::Arc;

use super::attempts::Detail;
use super::trouble::Trouble;
use crate::verdict::Verdict;

/// How much is kept, in bytes, roughly.
const MOST: usize = 64 * 1024 * 1024;

/// The row, when it was made (it may be replaced), and how much of it.
type Name = (i64, i64, Detail);

/// What was read, up to a limit.
#[derive(Default)]
pub(super) struct Recent {
    verdicts: HashMap<Name, Arc<Verdict>>,
    size: usize,
}

impl Recent {
    /// The verdict, read only if it was not read lately.
    pub fn get(
        &mut self,
        name: Name,
        read: impl FnOnce() -> Result<Verdict, Trouble>,
    ) -> Result<Arc<Verdict>, Trouble> {
        if let Some(verdict) = self.verdicts.get(&name) {
            return Ok(verdict.clone());
        }
        let verdict = Arc::new(read()?);
        if self.size > MOST {
            self.forget();
        }
        self.size += size(&verdict);
        self.verdicts.insert(name, verdict.clone());
        Ok(verdict)
    }

    /// Everything is read again.
    pub fn forget(&mut self) {
        *self = Recent::default();
    }
}

/// Roughly, in bytes: a submission may print as much as it is allowed to.
fn size(verdict: &Verdict) -> usize {
    let tests: usize = verdict
        .tests
        .iter()
        .map(|t| 1024 + t.output.len() + 64 * t.record.as_ref().map_or(0, |r| r.events.len()))
        .sum();
    let got = verdict.misuse.iter().flat_map(|case| &case.got);
    let messages = verdict.compile.iter().chain(&verdict.advice).chain(got);
    tests + messages.map(|m| 512 + m.rendered.len() + m.ansi.len()).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::tests::passed;

    #[test]
    fn what_was_read_is_not_read_again_until_there_is_too_much() {
        let mut recent = Recent::default();
        let mut reads = 0;
        let mut get = |id| {
            recent
                .get((id, 1, Detail::Whole), || {
                    reads += 1;
                    let mut verdict = passed();
                    verdict.tests[0].output = "x".repeat(MOST / 4);
                    Ok(verdict)
                })
                .unwrap();
            reads
        };
        assert_eq!([get(1), get(1), get(2), get(3), get(1)], [1, 1, 2, 3, 3]);
        assert_eq!([get(4), get(5), get(1)], [4, 5, 6]);
    }

    #[test]
    fn a_verdict_that_was_replaced_is_another_one() {
        let mut recent = Recent::default();
        for name in [(1, 1, Detail::Whole), (1, 2, Detail::Whole), (1, 2, Detail::Marks)] {
            let verdict = Verdict { exercise: format!("{name:?}"), ..passed() };
            assert_eq!(recent.get(name, || Ok(verdict.clone())).unwrap(), verdict.clone().into());
        }
    }
}
