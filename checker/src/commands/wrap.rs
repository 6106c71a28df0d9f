//! Fitting rows to a width, in columns as terminals count them.

use textwrap::{Options, WordSeparator, WordSplitter, core::Word};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::page::{Fit, Row, Span};
use super::style::PLAIN;

/// A row as lines of at most `width` columns; an empty row is one empty line.
pub fn fit(row: &Row, width: usize) -> Vec<Vec<Span>> {
    // On a screen narrower than the indentation, text is worth more than that.
    let indent = if row.indent + 8 > width { width.saturating_sub(8) } else { row.indent };
    let room = (width - indent).max(1);
    let lines = match row.fit {
        Fit::Words => words(&row.spans, room, row.hang.min(room / 2)),
        Fit::Anywhere => anywhere(&row.spans, room),
        Fit::Cut => vec![cut(&row.spans, room)],
    };
    lines
        .into_iter()
        .map(|mut line| {
            if indent > 0 && !line.is_empty() {
                line.insert(0, Span { style: PLAIN, text: " ".repeat(indent) });
            }
            line
        })
        .collect()
}

/// Text that moves no cursor: tabs become blanks, line ends and whatever else
/// steers a terminal go.
pub fn tame(text: &str) -> String {
    text.chars()
        .flat_map(|c| match c {
            '\t' => "    ".chars().collect::<Vec<_>>(),
            c if c.is_control() => Vec::new(),
            c => vec![c],
        })
        .collect()
}

/// Columns of these pieces together.
pub fn width_of(spans: &[Span]) -> usize {
    spans.iter().map(|s| s.text.width()).sum()
}

/// `text` in at most `width` columns, with `…` where something is missing.
pub fn clip(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 0;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used + 1 > width {
            break;
        }
        kept.push(c);
    }
    if width > 0 { kept + "…" } else { kept }
}

/// `text` with blanks behind it up to `width` columns.
pub fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

fn words(spans: &[Span], room: usize, hang: usize) -> Vec<Vec<Span>> {
    let text: String = spans.iter().map(|s| s.text.as_str()).collect();
    let hang = " ".repeat(hang);
    // `sequential-awaits` is one word.
    let options = Options::new(room)
        .word_separator(WordSeparator::Custom(split))
        .word_splitter(WordSplitter::NoHyphenation)
        .subsequent_indent(&hang);
    let mut styled = spans.iter().flat_map(|s| s.text.chars().map(|c| (c, s.style)));
    let mut lines = Vec::new();
    for (at, wrapped) in textwrap::wrap(&text, options).iter().enumerate() {
        let own = if at == 0 { wrapped } else { wrapped.strip_prefix(&hang).unwrap_or(wrapped) };
        let mut line: Vec<Span> = Vec::new();
        if own.len() < wrapped.len() {
            line.push(Span { style: PLAIN, text: hang.clone() });
        }
        for c in own.chars() {
            // Blanks at which a line was broken are in the text only.
            let Some((_, style)) = styled.find(|(other, _)| *other == c) else { break };
            match line.last_mut() {
                Some(last) if last.style == style => last.text.push(c),
                _ => line.push(Span { style, text: c.to_string() }),
            }
        }
        lines.push(line);
    }
    lines
}

/// Words end at blanks, and between the characters of scripts that write
/// without blanks, but not before their closing punctuation.
fn split(line: &str) -> Box<dyn Iterator<Item = Word<'_>> + '_> {
    const CLOSING: &str = "，。、；：？！）」』》】〉…—";
    let mut words = Vec::new();
    let mut start = 0;
    let mut chars = line.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let Some(&(next_at, next)) = chars.peek() else { break };
        let wide = |c: char| c.width() == Some(2);
        let after_blank = c == ' ' && next != ' ';
        let between_wide = (wide(c) || wide(next)) && c != ' ' && next != ' ';
        if after_blank || (between_wide && !CLOSING.contains(next) && at >= start) {
            words.push(Word::from(&line[start..next_at]));
            start = next_at;
        }
    }
    if start < line.len() {
        words.push(Word::from(&line[start..]));
    }
    Box::new(words.into_iter())
}

fn anywhere(spans: &[Span], room: usize) -> Vec<Vec<Span>> {
    let mut lines = vec![Vec::new()];
    let mut used = 0;
    for span in spans {
        let mut piece = String::new();
        for c in span.text.chars() {
            let wide = c.width().unwrap_or(0);
            if used + wide > room && used > 0 {
                push(&mut lines, span, std::mem::take(&mut piece));
                lines.push(Vec::new());
                used = 0;
            }
            used += wide;
            piece.push(c);
        }
        push(&mut lines, span, piece);
    }
    lines
}

fn push(lines: &mut [Vec<Span>], span: &Span, text: String) {
    if let (Some(line), false) = (lines.last_mut(), text.is_empty()) {
        line.push(Span { style: span.style, text });
    }
}

fn cut(spans: &[Span], room: usize) -> Vec<Span> {
    let mut line = Vec::new();
    let mut left = room;
    let mut rest: usize = width_of(spans);
    for span in spans {
        let wide = span.text.width();
        if rest <= left {
            line.push(span.clone());
            left -= wide;
            rest -= wide;
            continue;
        }
        if wide < left {
            line.push(span.clone());
            left -= wide;
            rest -= wide;
        } else {
            // Wider than what is left even with nothing behind it, or just
            // filling it with something behind it: either way it ends in `…`.
            let text = clip(&format!("{}…", span.text), left);
            line.push(Span { style: span.style, text });
            break;
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::style::{DIM, GOOD, PLAIN};

    fn lines(fit_as: Fit, indent: usize, texts: &[&str], width: usize) -> Vec<String> {
        let spans = texts.iter().map(|t| Span::new(PLAIN, t)).collect();
        fit(&Row { indent, hang: 0, spans, fit: fit_as }, width)
            .iter()
            .map(|line| line.iter().map(|s| s.text.as_str()).collect())
            .collect()
    }

    #[test]
    fn sentences_break_between_words() {
        let got = lines(Fit::Words, 2, &["each await finished before the next began"], 20);
        assert_eq!(got, ["  each await", "  finished before", "  the next began"]);
    }

    #[test]
    fn what_follows_a_mark_stands_under_itself() {
        let spans = vec![Span::new(PLAIN, "✗ so not sequential-awaits")];
        let lines = fit(&Row { indent: 1, hang: 2, spans, fit: Fit::Words }, 20);
        let lines: Vec<String> =
            lines.iter().map(|l| l.iter().map(|s| s.text.as_str()).collect()).collect();
        assert_eq!(lines, [" ✗ so not", "   sequential-awaits"]);
    }

    #[test]
    fn styles_survive_the_breaks() {
        let spans =
            vec![Span::new(PLAIN, "one tw"), Span::new(GOOD, "o  three"), Span::new(PLAIN, " f")];
        let lines = fit(&Row { indent: 0, hang: 0, spans, fit: Fit::Words }, 8);
        let span = |style, text: &str| Span { style, text: text.to_owned() };
        assert_eq!(
            lines,
            [
                vec![span(PLAIN, "one tw"), span(GOOD, "o")],
                vec![span(GOOD, "three"), span(PLAIN, " f")],
            ]
        );
    }

    #[test]
    fn chinese_breaks_between_characters_and_counts_two_columns() {
        let got = lines(Fit::Words, 0, &["每个等待都结束之后，下一个 await 才开始。"], 12);
        assert_eq!(got, ["每个等待都结", "束之后，下一", "个 await 才", "开始。"]);
        assert!(got.iter().all(|l| l.width() <= 12));
    }

    #[test]
    fn compiler_output_breaks_anywhere_and_loses_nothing() {
        let got = lines(Fit::Anywhere, 0, &["error", "[E0382]: moved"], 7);
        assert_eq!(got, ["error[E", "0382]: ", "moved"]);
    }

    #[test]
    fn pictures_are_cut_with_a_mark() {
        assert_eq!(lines(Fit::Cut, 0, &["abc", "def"], 6), ["abcdef"]);
        assert_eq!(lines(Fit::Cut, 0, &["abc", "def"], 5), ["abcd…"]);
        assert_eq!(lines(Fit::Cut, 0, &["abc", "def"], 3), ["ab…"]);
        assert_eq!(lines(Fit::Cut, 0, &["数据流"], 4), ["数…"]);
    }

    #[test]
    fn no_width_is_too_small() {
        for width in 0..12 {
            for how in [Fit::Words, Fit::Anywhere, Fit::Cut] {
                let got = lines(how, 6, &["数据 abc", "def"], width);
                assert!(!got.is_empty(), "{how:?} {width}");
            }
        }
        assert_eq!(lines(Fit::Cut, 3, &[], 10), [""]);
    }

    #[test]
    fn nothing_that_steers_the_terminal_gets_through() {
        assert_eq!(Span::new(DIM, "a\tb\u{1b}[2Jc\r\n").text, "a    b[2Jc");
    }
}
