//! A question that is answered with yes or no.

use std::io::{self, BufRead, IsTerminal, Write};

use super::print;
use crate::problem::{Problem, Result};
use crate::text::word;

/// Asks on the terminal. Anything but yes is no.
///
/// # Errors
/// Nobody can answer: standard input is no terminal.
pub fn yes(question: &str) -> Result<bool> {
    if !io::stdin().is_terminal() {
        return Err(Problem::new("needs-yes").with("question", question));
    }
    print::notice(question);
    let mut err = io::stderr().lock();
    let _ = write!(err, "{} ", word("yes-or-no"));
    let _ = err.flush();
    let mut answer = String::new();
    let _ = io::stdin().lock().read_line(&mut answer);
    Ok(is_yes(&answer))
}

fn is_yes(answer: &str) -> bool {
    let answer = answer.trim().to_lowercase();
    word("yes-words").split_whitespace().any(|yes| answer == yes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_yes_is_yes() {
        assert!(is_yes("y\n") && is_yes("YES"));
        assert!(!is_yes("") && !is_yes("n") && !is_yes("yesterday"));
    }
}
