//! Verdicts by content: what was checked once need not be checked again.

use std::fs;
use std::path::PathBuf;

use crate::disk;
use crate::verdict::{self, Status, TestOutcome, Verdict};

/// How many verdicts are kept; the oldest go first. More than `verify` asks for in both
/// builds, or it would never find those of its last run.
const MOST: usize = 4_000;

/// The verdicts of a kit, one file each, named by its key.
pub(crate) struct Cache {
    folder: PathBuf,
}

impl Cache {
    pub fn new(state: &std::path::Path) -> Self {
        Cache { folder: state.join("verdicts") }
    }

    /// The verdict on this content. A damaged entry is as good as none.
    pub fn get(&self, key: &str) -> Option<Verdict> {
        let mut verdict: Verdict = disk::recall(&self.file(key))?;
        verdict.cached = true;
        (verdict.version == verdict::VERSION).then_some(verdict)
    }

    /// Keeps a verdict, if the same content would always get it. It would if it
    /// names the pitfall that this content is known for.
    pub fn put(&self, key: &str, verdict: &Verdict, known_for: Option<&str>) {
        let named = verdict.main.as_ref().and_then(|m| m.pitfall.as_deref());
        // What was stopped half-way is no verdict, whatever it has named by then.
        let is_whole = verdict.status != Status::Cancelled;
        if is_lasting(verdict) || (is_whole && known_for.is_some() && named == known_for) {
            disk::remember(&self.file(key), verdict);
            self.thin_out();
        }
    }

    fn file(&self, key: &str) -> PathBuf {
        self.folder.join(format!("{key}.json"))
    }

    /// Removes the oldest half when there are too many.
    fn thin_out(&self) {
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        let mut files: Vec<_> = entries.filter_map(Result::ok).collect();
        if files.len() <= MOST {
            return;
        }
        files.sort_by_cached_key(|f| f.metadata().and_then(|m| m.modified()).ok());
        for old in &files[..files.len() - MOST / 2] {
            let _ = fs::remove_file(old.path());
        }
    }
}

/// A verdict on which the real clock had a say may be another one tomorrow, on
/// a machine with less to do.
fn is_lasting(verdict: &Verdict) -> bool {
    let by_clock = |o: TestOutcome| matches!(o, TestOutcome::Hung | TestOutcome::NotRun);
    !matches!(verdict.status, Status::Cancelled | Status::Internal | Status::Hung)
        && !verdict.tests.iter().any(|t| by_clock(t.outcome))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::tests::{passed, with_status};
    use crate::verdict::{MainDiagnosis, Source};

    #[test]
    fn a_verdict_comes_back_as_cached() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path());
        assert_eq!(cache.get("k"), None);
        cache.put("k", &passed(), None);
        assert_eq!(cache.get("k"), Some(Verdict { cached: true, ..passed() }));
        assert_eq!(cache.get("other"), None);
    }

    #[test]
    fn a_damaged_or_foreign_entry_is_ignored_and_rewritten() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path());
        let newer = Verdict { version: verdict::VERSION + 1, ..passed() };
        let newer = serde_json::to_string(&newer).unwrap();
        for content in ["", "{", "[1, 2]", &newer] {
            disk::write_whole(&cache.file("k"), content.as_bytes(), false).unwrap();
            assert_eq!(cache.get("k"), None, "{content}");
            cache.put("k", &passed(), None);
            assert!(cache.get("k").is_some());
        }
    }

    #[test]
    fn what_the_clock_decided_is_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path());
        for status in [Status::Cancelled, Status::Internal, Status::Hung] {
            cache.put("k", &with_status(status), None);
            assert_eq!(cache.get("k"), None);
        }
        let mut failed = with_status(Status::Failed);
        failed.tests[0].outcome = TestOutcome::Hung;
        cache.put("k", &failed, None);
        assert_eq!(cache.get("k"), None);
    }

    #[test]
    fn an_answer_known_to_hang_need_not_hang_again() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path());
        let mut hung = with_status(Status::Hung);
        cache.put("k", &hung, Some("busy-wake"));
        assert_eq!(cache.get("k"), None);
        hung.main = Some(MainDiagnosis {
            source: Source::Test,
            pitfall: Some("busy-wake".to_owned()),
            stage: None,
            test: None,
            index: None,
        });
        cache.put("k", &hung, Some("never-yields"));
        assert_eq!(cache.get("k"), None);
        hung.status = Status::Cancelled;
        cache.put("k", &hung, Some("busy-wake"));
        assert_eq!(cache.get("k"), None);
        hung.status = Status::Hung;
        cache.put("k", &hung, Some("busy-wake"));
        assert!(cache.get("k").is_some());
    }
}
