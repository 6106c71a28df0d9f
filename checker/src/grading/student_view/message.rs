//! What the compiler said, as far as a student may see it.

use super::{MOST_BLOCK, MOST_LINE, MOST_MESSAGES, known};
use crate::grading::plain;
use crate::verdict::{CompileMessage, Level, Place, Verdict};

/// A message of the compiler as its student may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownMessage {
    /// Where it points.
    pub place: Place,
    /// `E0382`, say.
    pub code: Option<String>,
    /// The line of the answer to look at.
    pub line: Option<u32>,
    /// The pitfall that it gives away.
    pub pitfall: Option<String>,
    /// As rustc prints it. None: it quotes what must not be seen, so that only
    /// code and line are left.
    pub rendered: Option<String>,
}

/// What gives a hidden test away in a message.
pub(super) struct Secrets(Vec<String>);

impl Secrets {
    pub fn of(verdict: &Verdict) -> Self {
        let hidden = verdict.tests.iter().filter(|t| t.hidden);
        let names = hidden.map(|t| t.short_name().to_owned()).filter(|n| !n.is_empty());
        Secrets(["hidden.rs", "hidden::"].map(str::to_owned).into_iter().chain(names).collect())
    }

    fn are_in(&self, text: &str) -> bool {
        self.0.iter().any(|secret| text.contains(secret.as_str()))
    }
}

/// The errors, that at `first` before all others, and where it stands now.
pub(super) fn shown(
    messages: &[CompileMessage],
    first: Option<usize>,
    secrets: &Secrets,
) -> (Vec<ShownMessage>, Option<usize>) {
    let main = first.and_then(|i| messages.get(i));
    let errors = messages.iter().filter(|m| m.level == Level::Error);
    let others = errors.filter(|m| main.is_none_or(|main| !std::ptr::eq(*m, main)));
    let all = main.into_iter().chain(others).take(MOST_MESSAGES);
    (all.map(|m| one(m, secrets)).collect(), main.map(|_| 0))
}

fn one(message: &CompileMessage, secrets: &Secrets) -> ShownMessage {
    ShownMessage {
        place: message.place,
        code: message.code.as_deref().filter(|c| is_code(c)).map(str::to_owned),
        line: message.answer_line,
        pitfall: known(message.pitfall.as_deref()),
        rendered: may_be_seen(message, secrets)
            .then(|| plain::block(message.rendered.trim_end(), MOST_BLOCK)),
    }
}

/// Whether nothing in it comes from a hidden test. It must say where it
/// points, and to something that the student has: whatever else the compiler
/// quotes stands there with its file.
fn may_be_seen(message: &CompileMessage, secrets: &Secrets) -> bool {
    let file = message.file.as_deref().unwrap_or_default();
    let has = match message.place {
        Place::Answer | Place::Case => !file.is_empty(),
        Place::Gate | Place::Signature => file.ends_with("visible.rs"),
        Place::Elsewhere => false,
    };
    let texts = [file, &message.rendered, &message.message];
    has && !texts.iter().any(|text| secrets.are_in(text))
}

/// `E0382` or a lint's name: nothing that could carry words.
fn is_code(code: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b':';
    code.len() <= MOST_LINE.min(64) && code.bytes().all(plain) && !code.contains("hidden")
}
