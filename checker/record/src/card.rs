//! The card under a failing test: what happened, its name, its picture, and
//! where to read more.

use std::path::{Component, Path, PathBuf};

use crate::{Diagnosis, Outcome, Record, pitfall, text, timeline};

/// What a line of a card is for, so that a terminal may colour it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The exercise and the pitfall.
    Title,
    /// What the test demands.
    Demand,
    /// What was observed.
    Fact,
    /// What the pitfall is, in a sentence.
    Say,
    /// A line of the timeline.
    Picture,
    /// The counterpart in Python.
    Python,
    /// Where to go on.
    More,
    /// Nothing: an empty line.
    Blank,
}

/// One line of a card, without indentation or colour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it is for.
    pub role: Role,
    /// The text.
    pub text: String,
}

/// The card of a failed test; no lines for one that passed.
///
/// `demand` is the sentence that says what the test wants, if it is known
/// (`exercises/text/…/NAME.toml`). `width` bounds the timeline, in columns.
pub fn lines(record: &Record, exercise: &str, demand: Option<&str>, width: usize) -> Vec<Line> {
    if record.outcome == Outcome::Passed {
        return Vec::new();
    }
    let mut card = Card::default();
    let pitfall = record.diagnosis.as_ref().and_then(|d| d.pitfall.as_deref());
    let short_test = record.test.rsplit("::").next().unwrap_or(&record.test);
    card.push(Role::Title, format!("✗ {exercise}: {}", pitfall.unwrap_or(short_test)));
    if let Some(demand) = demand {
        card.push(Role::Demand, demand);
    }
    if let Some(diagnosis) = &record.diagnosis {
        card.facts(diagnosis);
    }
    if let Some(panic) = &record.panic {
        let key = if panic.is_todo() { "panic-todo" } else { "panic" };
        let at = panic.location.as_deref().map_or_else(|| "?".to_owned(), straight);
        let fact = crate::Fact::new(key).with("at", at).with("message", &panic.message);
        card.push(Role::Fact, text::sentence(&fact));
    }
    let told = pitfall.and_then(pitfall::describe);
    if let Some(told) = told {
        card.push(Role::Say, &told.say);
    }
    let picture = timeline::draw(record, width.saturating_sub(2));
    if !picture.is_empty() && record.panic.as_ref().is_none_or(|p| !p.is_todo()) {
        card.push(Role::Blank, "");
        for line in picture {
            card.push(Role::Picture, line);
        }
        card.push(Role::Blank, "");
    }
    if let (Some(id), Some(told)) = (pitfall, told) {
        card.push(Role::Python, format!("Python: {}", told.python));
        card.push(Role::More, text::sentence(&crate::Fact::new("more").with("pitfall", id)));
    }
    card.0
}

/// A place in a file, by the direct way: cargo compiles an answer by the path
/// `tests/NAME/../../exercises/…`.
fn straight(place: &str) -> String {
    let mut path = PathBuf::new();
    for part in Path::new(place).components() {
        match part {
            Component::ParentDir if path.file_name().is_some() => drop(path.pop()),
            _ => path.push(part),
        }
    }
    path.to_string_lossy().into_owned()
}

/// The card as plain text, indented under its title.
pub fn plain(record: &Record, exercise: &str, demand: Option<&str>) -> String {
    text_of(&lines(record, exercise, demand, 76))
}

/// The same where nothing else is said: without a pitfall to read about, the
/// next step is a hint.
pub fn plain_and_alone(record: &Record, exercise: &str, demand: Option<&str>) -> String {
    let mut card = lines(record, exercise, demand, 76);
    if !card.is_empty() && card.iter().all(|line| line.role != Role::More) {
        let next = crate::Fact::new("more-hints").with("exercise", exercise);
        card.push(Line { role: Role::More, text: text::sentence(&next) });
    }
    text_of(&card)
}

fn text_of(card: &[Line]) -> String {
    let mut out = String::new();
    for line in card {
        let indent = match line.role {
            Role::Title | Role::Blank => "",
            Role::Picture => "    ",
            _ => "  ",
        };
        out.push_str(&format!("{indent}{}\n", line.text));
    }
    out
}

#[derive(Default)]
struct Card(Vec<Line>);

impl Card {
    fn push(&mut self, role: Role, text: impl Into<String>) {
        let text = text.into();
        self.0.extend(text.lines().map(|line| Line { role, text: line.to_owned() }));
        if text.is_empty() {
            self.0.push(Line { role, text });
        }
    }

    fn facts(&mut self, diagnosis: &Diagnosis) {
        for fact in &diagnosis.facts {
            self.push(Role::Fact, text::sentence(fact));
        }
    }
}
