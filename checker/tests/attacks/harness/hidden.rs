//! Hidden tests, and whether a text holds any of them.

use std::fs;

use asynclings::kit::Kit;

/// Lines of an exercise's hidden tests that no student has seen.
pub struct HiddenText(Vec<String>);

impl HiddenText {
    pub fn of(kit: &Kit, exercise: &str) -> Self {
        let folder = kit.root().join("tests").join(exercise);
        let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
        let (hidden, seen) = (read("hidden.rs"), read("visible.rs"));
        // Shorter ones could stand anywhere.
        let lines = hidden.lines().map(plain).filter(|line| line.len() >= 24);
        let seen = plain(&seen);
        HiddenText(lines.filter(|line| !seen.contains(line.as_str())).collect())
    }

    pub fn found_in(&self, text: &str) -> Option<String> {
        let text = plain(text);
        let line = self.0.iter().find(|line| text.contains(line.as_str()))?;
        Some(format!("a student sees {line:?}"))
    }
}

/// However it was quoted.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '\\').collect()
}
