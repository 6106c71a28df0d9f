//! What is shown: rows of styled text, before anybody knows where.
//!
//! Commands print pages, the full screen scrolls them. A page knows nothing of
//! widths; [`Page::lines`] lays it out for one.

use anstyle::Style;
use record::card;

use super::style;
use super::wrap;

/// A piece of a line, in one style.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// How it looks.
    pub style: Style,
    /// The text, without control characters.
    pub text: String,
}

impl Span {
    /// Text in a style. Tabs become blanks; what would steer a terminal is
    /// left out.
    pub fn new(style: Style, text: impl AsRef<str>) -> Self {
        Span { style, text: wrap::tame(text.as_ref()) }
    }
}

/// What becomes of a row that is wider than the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// Broken between words: sentences.
    Words,
    /// Broken where the screen ends: what a compiler printed.
    Anywhere,
    /// Cut off: pictures and tables, which broken rows would spoil.
    Cut,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Blank columns before it, on each line that it is broken into.
    pub indent: usize,
    /// More of them before each line but the first.
    pub hang: usize,
    /// Its pieces.
    pub spans: Vec<Span>,
    /// What becomes of it if it is too wide.
    pub fit: Fit,
}

/// Rows from top to bottom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page(pub Vec<Row>);

impl Page {
    /// Nothing yet.
    pub fn new() -> Self {
        Page::default()
    }

    /// An empty row, unless one stands there already.
    pub fn gap(&mut self) {
        if self.0.last().is_some_and(|row| !row.spans.is_empty()) {
            self.row(0, Fit::Cut, Vec::new());
        }
    }

    /// A sentence, or several: each line of `text` is a row.
    pub fn text(&mut self, indent: usize, style: Style, text: impl AsRef<str>) {
        for line in text.as_ref().lines() {
            self.row(indent, Fit::Words, vec![Span::new(style, line)]);
        }
    }

    /// A sentence behind a mark of one column, which stands out.
    pub fn item(&mut self, indent: usize, style: Style, mark: &str, text: impl AsRef<str>) {
        let text = format!("{mark} {}", text.as_ref());
        self.0.push(Row { indent, hang: 2, spans: vec![Span::new(style, text)], fit: Fit::Words });
    }

    /// A row of pieces which is cut if it is too wide.
    pub fn pieces(&mut self, indent: usize, spans: Vec<Span>) {
        self.row(indent, Fit::Cut, spans);
    }

    /// A row.
    pub fn row(&mut self, indent: usize, fit: Fit, spans: Vec<Span>) {
        self.0.push(Row { indent, hang: 0, spans, fit });
    }

    /// Several lines as they are: program text, a picture.
    pub fn block(&mut self, indent: usize, style: Style, text: &str) {
        for line in text.lines() {
            self.row(indent, Fit::Cut, vec![Span::new(style, line)]);
        }
    }

    /// Markdown as it stands in our texts: paragraphs are filled, lines that
    /// are indented by four or stand between fences are program text.
    pub fn prose(&mut self, indent: usize, style: Style, text: &str) {
        let mut fenced = false;
        let mut paragraph = String::new();
        for line in text.trim().lines() {
            let fence = line.trim_start().starts_with("```");
            let code = fenced || line.starts_with("    ");
            if fence || code || line.trim().is_empty() {
                self.text(indent, style, std::mem::take(&mut paragraph));
            }
            if fence {
                fenced = !fenced;
            } else if code {
                let line = line.strip_prefix("    ").unwrap_or(line);
                self.row(indent + 4, Fit::Cut, vec![Span::new(style::CODE, line)]);
            } else if line.trim().is_empty() {
                self.gap();
            } else {
                if !paragraph.is_empty() {
                    paragraph.push(' ');
                }
                paragraph.push_str(line.trim());
            }
        }
        self.text(indent, style, paragraph);
    }

    /// What a compiler printed for a terminal.
    pub fn ansi(&mut self, indent: usize, text: &str) {
        let mut line = Vec::new();
        let mut parser = anstream::adapter::WinconBytes::new();
        for (style, piece) in parser.extract_next(text.trim_end().as_bytes()) {
            let mut pieces = piece.split('\n');
            let first = pieces.next().unwrap_or_default();
            if !first.is_empty() {
                line.push(Span::new(style, first));
            }
            for next in pieces {
                self.compiler_line(indent, std::mem::take(&mut line));
                if !next.is_empty() {
                    line.push(Span::new(style, next));
                }
            }
        }
        if !line.is_empty() {
            self.compiler_line(indent, line);
        }
    }

    /// Program text and the marks under it keep their columns; sentences are
    /// broken between words, under their own beginning.
    fn compiler_line(&mut self, indent: usize, mut spans: Vec<Span>) {
        let text: String = spans.iter().map(|s| s.text.as_str()).collect();
        let own = text.trim_start_matches([' ', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
        let is_code = own.starts_with(['|', '+', '-', '~', '.']) || own.is_empty();
        if is_code {
            return self.row(indent, Fit::Anywhere, spans);
        }
        let lead = text.len() - text.trim_start().len();
        let mut left = lead;
        for span in &mut spans {
            let blank = left.min(span.text.len() - span.text.trim_start().len());
            span.text.drain(..blank);
            left -= blank;
        }
        spans.retain(|s| !s.text.is_empty());
        let hang = if own.starts_with("= ") { 2 } else { 0 };
        self.0.push(Row { indent: indent + lead, hang, spans, fit: Fit::Words });
    }

    /// A card, indented under its title.
    pub fn card(&mut self, lines: &[card::Line]) {
        use card::Role;
        for line in lines {
            match line.role {
                Role::Title => self.text(0, style::FAILED, &line.text),
                Role::Demand => self.text(2, style::TITLE, &line.text),
                Role::Fact | Role::Say => self.text(2, style::PLAIN, &line.text),
                Role::Picture => self.block(4, style::PICTURE, &line.text),
                Role::Python => self.text(2, style::PYTHON, &line.text),
                Role::More => self.text(2, style::DIM, &line.text),
                Role::Blank => self.gap(),
            }
        }
    }

    /// Another page below this one, if there is anything on it.
    pub fn append(&mut self, other: Page) {
        if !other.0.is_empty() {
            self.gap();
        }
        self.0.extend(other.0);
    }

    /// The page as lines of at most `width` columns.
    pub fn lines(&self, width: usize) -> Vec<Vec<Span>> {
        self.0.iter().flat_map(|row| wrap::fit(row, width)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(page: &Page, width: usize) -> Vec<String> {
        page.lines(width)
            .iter()
            .map(|line| line.iter().map(|s| s.text.as_str()).collect())
            .collect()
    }

    #[test]
    fn prose_is_filled_and_code_is_not() {
        let mut page = Page::new();
        page.prose(
            2,
            style::PLAIN,
            "One\ntwo.\n\nThree:\n\n    let a = 1;\n    a\n\n```\nb\n```\nEnd",
        );
        let want = [
            "  One two.",
            "",
            "  Three:",
            "",
            "      let a = 1;",
            "      a",
            "",
            "      b",
            "  End",
        ];
        assert_eq!(plain(&page, 40), want);
    }

    #[test]
    fn what_the_compiler_coloured_keeps_its_colours() {
        let mut page = Page::new();
        page.ansi(0, "\u{1b}[1m\u{1b}[31merror\u{1b}[0m: no\n  |\n\n\u{1b}[32mend\u{1b}[0m\n");
        assert_eq!(plain(&page, 40), ["error: no", "  |", "", "end"]);
        assert_eq!(page.0[0].spans[0].style, style::FAILED);
        assert_eq!(page.0[0].spans[1].style, style::PLAIN);
    }

    #[test]
    fn the_compilers_sentences_are_filled_and_its_pictures_are_not() {
        let mut page = Page::new();
        page.ansi(2, "error: so long a message\n  --> a.rs:1:1\n   |\n12 | let a = a_long_name;\n   |         ^^^^\n   = note: as said above");
        let want = [
            "  error: so long a",
            "  message",
            "    --> a.rs:1:1",
            "     |",
            "  12 | let a = a_l",
            "  ong_name;",
            "     |         ^^^",
            "  ^",
            "     = note: as",
            "       said above",
        ];
        assert_eq!(plain(&page, 18), want);
    }

    #[test]
    fn gaps_do_not_add_up() {
        let mut page = Page::new();
        page.gap();
        page.text(0, style::PLAIN, "a");
        page.gap();
        page.gap();
        assert_eq!(plain(&page, 10), ["a", ""]);
    }
}
