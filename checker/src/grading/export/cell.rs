//! One cell of a CSV table. A spreadsheet runs what looks like a formula, and
//! a student chooses his name.

use crate::grading::plain;

/// Longer cells help nobody; Excel cuts at 32,767.
const MOST: usize = 8_000;

/// Text that no spreadsheet takes for a formula.
pub(super) fn text(text: &str) -> String {
    let text = plain::line(text, MOST);
    let risky =
        |c: char| matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '|' | '%');
    // Signs for tab and carriage return have taken their place already, and
    // some programs skip blanks before a formula.
    if text.trim_start().starts_with(risky) && !is_negative(&text) {
        return format!("'{text}");
    }
    text
}

/// `-3.5` and its like stay numbers.
fn is_negative(text: &str) -> bool {
    text.strip_prefix('-').is_some_and(|digits| {
        digits.starts_with(|c: char| c.is_ascii_digit())
            && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
            && digits.parse::<f64>().is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_made_text() {
        let table = [
            ("Ada, \"the first\"", "Ada, \"the first\""),
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "-1"),
            ("-1.50", "-1.50"),
            ("-1+cmd|'/C calc'!A0", "'-1+cmd|'/C calc'!A0"),
            ("-", "'-"),
            ("-1.2.3", "'-1.2.3"),
            ("-inf", "'-inf"),
            ("--1", "'--1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("  =1", "'  =1"),
            ("\t=1", "' =1"),
            ("\r=1", "␍=1"),
            ("\n=1", "' =1"),
            ("＝1", "'＝1"),
            ("|calc", "'|calc"),
            ("a=1", "a=1"),
            ("", ""),
        ];
        for (given, cell) in table {
            assert_eq!(text(given), cell, "{given:?}");
        }
    }
}
