//! What the compiler says, as data.

use serde::Deserialize;

/// One message, as `--error-format=json` prints it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Diagnostic {
    pub message: String,
    code: Option<Code>,
    level: String,
    #[serde(default)]
    pub spans: Vec<Span>,
    #[serde(default)]
    pub children: Vec<Diagnostic>,
    /// With the colours of a terminal.
    #[serde(default)]
    rendered: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
struct Code {
    code: String,
}

/// A place in a source file.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Span {
    pub file_name: String,
    pub line_start: u32,
    pub line_end: u32,
    pub column_start: u32,
    pub is_primary: bool,
    #[serde(default)]
    pub label: Option<String>,
    /// The lines that it is in.
    #[serde(default)]
    text: Vec<Line>,
    #[serde(default)]
    pub expansion: Option<Box<Expansion>>,
}

#[derive(Clone, Debug, Deserialize)]
struct Line {
    text: String,
}

/// The call of the macro that a span comes from.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Expansion {
    pub span: Span,
}

impl Span {
    /// This place, then the macro call that it comes from, then the one that
    /// this comes from, outwards.
    pub fn outwards(&self) -> impl Iterator<Item = &Span> {
        std::iter::successors(Some(self), |span| span.expansion.as_deref().map(|e| &e.span))
    }

    /// Where the compiler knows no place it gives the first character of a crate.
    pub fn is_nowhere(&self) -> bool {
        (self.line_start, self.column_start) == (1, 1)
    }
}

impl Diagnostic {
    /// All messages in the compiler's output. What is not a message, such as a
    /// line that a panicking compiler prints, is left out.
    pub fn parse_all(output: &str) -> Vec<Diagnostic> {
        output
            .lines()
            .filter_map(|line| serde_json::from_str::<Diagnostic>(line).ok())
            .filter(|d| d.is_error() || d.level == "warning")
            .filter(|d| !d.is_summary())
            .collect()
    }

    pub fn is_error(&self) -> bool {
        self.level.starts_with("error")
    }

    pub fn code(&self) -> Option<&str> {
        self.code.as_ref().map(|c| c.code.as_str())
    }

    pub fn primary(&self) -> Option<&Span> {
        self.spans.iter().find(|s| s.is_primary)
    }

    /// "aborting due to 2 previous errors", "3 warnings emitted".
    fn is_summary(&self) -> bool {
        self.spans.is_empty()
            && self.code.is_none()
            && (self.message.starts_with("aborting due to")
                || self.message.ends_with("warning emitted")
                || self.message.ends_with("warnings emitted"))
    }

    /// Everything that it says: the message, its notes and labels. Of `unsafe` it
    /// says nothing but that it is forbidden; what it is for stands in the source.
    pub fn words(&self) -> String {
        let mut words = self.message.clone();
        let labels = self.spans.iter().filter_map(|s| s.label.clone());
        let unsafe_code = self.spans.iter().filter(|_| self.code() == Some("unsafe_code"));
        let source = unsafe_code.flat_map(|s| &s.text).map(|line| line.text.clone());
        let notes = self.children.iter().map(Diagnostic::words);
        for more in labels.chain(source).chain(notes) {
            words.push('\n');
            words.push_str(&more);
        }
        words
    }

    /// All places of the message and of its notes, in order.
    pub fn places(&self) -> Vec<&Span> {
        let own = self.spans.iter().chain(self.children.iter().flat_map(|c| &c.spans));
        own.flat_map(Span::outwards).collect()
    }

    /// As printed on a terminal.
    pub fn ansi(&self) -> &str {
        self.rendered.as_deref().unwrap_or(&self.message)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_of_unsafe_code_the_source_is_among_the_words() {
        let words = |code: &str| {
            let message = json!({
                "message": "usage of an `unsafe` block",
                "code": {"code": code},
                "level": "error",
                "spans": [{
                    "file_name": "a.rs", "line_start": 1, "line_end": 1, "column_start": 1,
                    "is_primary": true, "text": [{"text": "unsafe { self.get_unchecked_mut() }"}],
                }],
            });
            Diagnostic::parse_all(&message.to_string())[0].words()
        };
        assert!(words("unsafe_code").contains("get_unchecked_mut"));
        assert!(!words("E0133").contains("get_unchecked_mut"));
    }
}
