//! Writing HTML in which strangers' text cannot do anything.
//!
//! Small and our own, for one reason: here text has one way in, and on that
//! way it is not only escaped but also stripped of invisible commands and cut
//! ([`plain`]). With a templating crate that would be left to every caller.

use crate::grading::plain;

/// Characters of one text; longer ones are cut.
const MOST: usize = 8_000;

/// A piece of a page.
#[derive(Default)]
pub(super) struct Html(String);

impl Html {
    /// An element with what `inside` writes. Names of elements and attributes
    /// are ours; values of attributes may be anybody's.
    pub fn tag(
        &mut self,
        name: &'static str,
        attributes: &[(&'static str, &str)],
        inside: impl FnOnce(&mut Html),
    ) {
        self.open(name, attributes);
        inside(self);
        self.0.push_str(&format!("</{name}>"));
        if ["p", "div", "section", "li", "tr", "h1", "h2", "h3", "h4", "svg", "pre"].contains(&name)
        {
            self.0.push('\n');
        }
    }

    /// An element that holds text.
    pub fn element(&mut self, name: &'static str, class: &'static str, text: impl AsRef<str>) {
        let class = [("class", class)];
        let attributes = if class[0].1.is_empty() { &[][..] } else { &class[..] };
        self.tag(name, attributes, |h| h.text(text));
    }

    /// An element without content, such as `<meta>`.
    pub fn open(&mut self, name: &'static str, attributes: &[(&'static str, &str)]) {
        self.0.push_str(&format!("<{name}"));
        for (key, value) in attributes {
            self.0.push_str(&format!(" {key}=\""));
            self.text(value);
            self.0.push('"');
        }
        self.0.push('>');
    }

    /// Text of anybody.
    pub fn text(&mut self, text: impl AsRef<str>) {
        for c in plain::block(text.as_ref(), MOST).chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                c => self.0.push(c),
            }
        }
    }

    /// Our own texts: paragraphs, `` `code` `` and indented program text.
    pub fn prose(&mut self, text: &str) {
        for paragraph in text.trim().split("\n\n") {
            if paragraph.lines().all(|line| line.starts_with("    ")) {
                let lines: Vec<&str> = paragraph.lines().map(|l| &l[4..]).collect();
                self.element("pre", "code", lines.join("\n"));
            } else {
                self.tag("p", &[], |h| h.spans(paragraph));
            }
        }
    }

    /// Text in which `` `code` `` stands out.
    pub fn spans(&mut self, text: &str) {
        for (at, part) in text.split('`').enumerate() {
            match at % 2 {
                0 => self.text(part),
                _ => self.element("code", "", part),
            }
        }
    }

    /// What stands in our sources as it is.
    pub fn ours(&mut self, html: &'static str) {
        self.0.push_str(html);
    }

    pub fn finish(self) -> String {
        self.0
    }
}

/// A whole page: nothing in it is fetched from anywhere, and nothing in it
/// can run, even if something should have slipped through.
pub(super) fn page(title: &str, body: impl FnOnce(&mut Html)) -> String {
    const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";
    let mut h = Html::default();
    h.ours("<!doctype html>\n");
    h.tag("html", &[("lang", record::text::language())], |h| {
        h.tag("head", &[], |h| {
            h.ours("<meta charset=\"utf-8\">\n");
            h.open("meta", &[("http-equiv", "Content-Security-Policy"), ("content", POLICY)]);
            h.open(
                "meta",
                &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")],
            );
            h.open("meta", &[("name", "color-scheme"), ("content", "light dark")]);
            h.open("meta", &[("name", "referrer"), ("content", "no-referrer")]);
            h.element("title", "", plain::line(title, 200));
            h.ours("\n<style>\n");
            h.ours(include_str!("style.css"));
            h.ours("</style>\n");
        });
        h.tag("body", &[], body);
    });
    h.finish() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_text_wherever_it_stands() {
        let mut h = Html::default();
        let evil = "\"'><script>alert(1)</script>&amp;\u{202e}\0";
        h.tag("a", &[("href", evil)], |h| h.text(evil));
        let html = h.finish();
        assert_eq!(html.matches('<').count(), 2, "{html}");
        assert_eq!(html.matches('"').count(), 2, "{html}");
        assert!(html.contains("&amp;amp;⟨U+202E⟩␀"), "{html}");
        let mut long = Html::default();
        long.text("<".repeat(1_000_000));
        assert!(long.finish().len() < 40_000);
    }

    #[test]
    fn prose_has_paragraphs_and_code() {
        let mut h = Html::default();
        h.prose("Call `a < b`\nnow.\n\n    let x = 1;\n    y();\n\nDone.");
        assert_eq!(
            h.finish(),
            "<p>Call <code>a &lt; b</code>\nnow.</p>\n\
             <pre class=\"code\">let x = 1;\ny();</pre>\n<p>Done.</p>\n"
        );
    }
}
