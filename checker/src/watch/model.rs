//! Everything that the watch knows. Nothing here touches the world.

use super::message::may_go_on;
use crate::catalogue::Catalogue;
use crate::commands::page::Page;
use crate::commands::place;
use crate::commands::report::Subject;
use crate::kit::Kit;
use crate::progress::Progress;
use crate::verdict::{CompileMessage, Status, Verdict};

/// Lines of cargo that are kept: enough to say why something does not build.
pub const CARGO_LINES: usize = 60;

/// The state of the watch.
#[derive(Clone)]
pub struct Model {
    /// The exercises.
    pub catalogue: Catalogue,
    /// What is shown of each, in the order of learning.
    pub subjects: Vec<Subject>,
    /// Whether there are solutions: a student edition has none.
    pub has_solutions: bool,
    /// Name of each chapter.
    pub chapters: Vec<String>,
    /// How the learner stands.
    pub progress: Progress,
    /// Place of the exercise that is watched.
    pub at: usize,
    /// Number of the newest check.
    pub check: u64,
    /// The check that is going on.
    pub run: Option<Run>,
    /// What came of the last one.
    pub outcome: Outcome,
    /// Whether clippy is being asked.
    pub advice: Advice,
    /// What the body shows.
    pub screen: Screen,
    /// A question that waits for y or n.
    pub ask: Option<Ask>,
    /// A sentence in place of the keys, until the next key.
    pub notice: Option<Notice>,
    /// First line of the body that is shown.
    pub scroll: usize,
    /// How much there was to show when the body was last drawn.
    pub extent: Extent,
}

/// A check that is going on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// How far it is.
    pub phase: Phase,
    /// Tenths of a second since it began.
    pub ticks: u32,
    /// It is of content that is no longer the newest, but was not stopped:
    /// what it builds is needed in any case.
    pub stale: bool,
    /// It was asked for without a change.
    pub again: bool,
}

/// How far a check is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It has just begun.
    Starting,
    /// Cargo builds the dependencies; its last lines.
    Building(Vec<String>),
    /// The compiler runs.
    Compiling,
    /// Tests run.
    Testing {
        /// How many have ended.
        done: usize,
        /// How many there are.
        all: usize,
    },
    /// The compile-fail cases are awaited.
    Misuse,
}

/// What came of the last check.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// There was none yet.
    Nothing,
    /// A verdict.
    Verdict(Box<Verdict>),
    /// It could not begin; why, and what cargo said before.
    Problem(Page),
}

/// What clippy says.
#[derive(Clone, Debug, PartialEq)]
pub enum Advice {
    /// It is not asked.
    None,
    /// It is being asked.
    Coming,
    /// It has answered.
    Here(Vec<CompileMessage>),
}

/// What the body shows.
#[derive(Clone, Debug, PartialEq)]
pub enum Screen {
    /// The verdict.
    Verdict,
    /// The hints so far.
    Hint,
    /// A pitfall.
    Explain(String),
    /// Timeline and events.
    Trace,
    /// The difference to the solution.
    Solution(Page),
    /// All exercises, one of them chosen.
    List(usize),
    /// What the keys do.
    Help,
}

/// A question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Whether to put the stub back.
    Reset,
    /// Whether to show the solution.
    Solution,
}

/// A sentence for the learner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The sentence.
    pub text: String,
    /// It matters even after the file has changed.
    pub lasting: bool,
}

/// How much a body holds, and how much of it is seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    /// Lines in all.
    pub lines: usize,
    /// Lines that fit.
    pub height: usize,
}

impl Model {
    /// The watch of this kit, at the exercise where the learner is.
    pub fn new(kit: &Kit, progress: Progress) -> Self {
        let catalogue = kit.catalogue().clone();
        let subjects: Vec<Subject> = catalogue.exercises().map(|e| Subject::of(kit, e)).collect();
        let current = place::current(&catalogue, &progress).map(|e| e.name.clone());
        let at = subjects.iter().position(|s| Some(s.name()) == current.as_deref());
        Model {
            chapters: catalogue.chapters.iter().map(|c| kit.chapter_title(c)).collect(),
            at: at.unwrap_or(subjects.len().saturating_sub(1)),
            has_solutions: kit.catalogue().exercises().any(|e| kit.solution(e).is_file()),
            catalogue,
            subjects,
            progress,
            check: 0,
            run: None,
            outcome: Outcome::Nothing,
            advice: Advice::None,
            screen: Screen::Verdict,
            ask: None,
            notice: None,
            scroll: 0,
            extent: Extent::default(),
        }
    }

    /// Says something until the next key or save.
    pub fn say(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice { text: text.into(), lasting: false });
    }

    /// Says something until the next key, whatever is saved meanwhile.
    pub fn insist(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice { text: text.into(), lasting: true });
    }

    /// The exercise that is watched.
    pub fn subject(&self) -> &Subject {
        &self.subjects[self.at]
    }

    /// The verdict on it, if there is one.
    pub fn verdict(&self) -> Option<&Verdict> {
        match &self.outcome {
            Outcome::Verdict(verdict) => Some(verdict),
            Outcome::Nothing | Outcome::Problem(_) => None,
        }
    }

    /// The pitfall that the verdict names.
    pub fn pitfall(&self) -> Option<&str> {
        self.verdict()?.main.as_ref()?.pitfall.as_deref()
    }

    /// How many hints of the watched exercise have been seen.
    pub fn hints_seen(&self) -> usize {
        self.progress.of(self.subject().name()).hints as usize
    }

    /// Whether the exercise may be left for the next one.
    pub fn may_go_on(&self) -> bool {
        may_go_on(self.progress.of(self.subject().name()).state)
    }

    /// Place of the next exercise to do, if any is left.
    pub fn next(&self) -> Option<usize> {
        let next = place::next(&self.catalogue, &self.progress, self.subject().name())?;
        self.subjects.iter().position(|s| s.name() == next.name)
    }

    /// Whether the verdict on the screen is of content that was changed since.
    pub fn is_old_news(&self) -> bool {
        self.run.is_some() && self.verdict().is_some_and(|v| v.status != Status::Cancelled)
    }

    /// Takes down what the last drawing of the body has shown.
    pub fn drawn(&mut self, extent: Extent) {
        self.extent = extent;
        self.scroll = self.scroll.min(self.most_scroll());
    }

    /// Furthest that the body can be scrolled.
    pub fn most_scroll(&self) -> usize {
        self.extent.lines.saturating_sub(self.extent.height)
    }
}
