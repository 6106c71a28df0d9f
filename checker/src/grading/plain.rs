//! Text by strangers, made fit to be shown: names, labels, panic messages,
//! what a program printed.
//!
//! A control character can rewrite a line, and a bidirectional one can turn
//! it round. So none of them does anything here: each is shown as a sign of
//! its own.

/// What was cut away is said by this.
const CUT: &str = "…";

/// `text` with every invisible command in it made visible, at most `most`
/// characters long. Line breaks and tabs stay.
pub fn block(text: &str, most: usize) -> String {
    shown(text, most, |c| matches!(c, '\n' | '\t'))
}

/// The same in one line.
pub fn line(text: &str, most: usize) -> String {
    shown(&text.replace("\r\n", " ").replace(['\n', '\t'], " "), most, |_| false)
}

/// The same, but the end is kept where it is too long: what was printed last
/// tells most.
pub fn tail(text: &str, most: usize) -> String {
    let count = text.chars().count();
    if count <= most {
        return block(text, most);
    }
    let rest: String = text.chars().skip(count - most).collect();
    // Signs are longer than what they stand for.
    format!("{CUT}{}", block(&rest, most))
}

fn shown(text: &str, most: usize, stays: impl Fn(char) -> bool) -> String {
    let text = text.replace("\r\n", "\n");
    let mut out = String::new();
    let mut length = 0;
    for c in text.chars() {
        let sign = if stays(c) { None } else { sign(c) };
        length += sign.as_ref().map_or(1, |s| s.chars().count());
        if length > most {
            out.push_str(CUT);
            break;
        }
        match sign {
            Some(sign) => out.push_str(&sign),
            None => out.push(c),
        }
    }
    out
}

/// What stands for a character that would do something instead of being seen.
fn sign(c: char) -> Option<String> {
    match c {
        // Unicode has a picture for each of these.
        '\0'..='\x1f' => char::from_u32(0x2400 + c as u32).map(String::from),
        '\x7f' => Some('\u{2421}'.to_string()),
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{fdd0}'..='\u{fdef}'
        | '\u{fffe}'
        | '\u{ffff}'
        | '\u{e0000}'..='\u{e007f}' => Some(format!("⟨U+{:04X}⟩", c as u32)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_invisible_is_left() {
        let table = [
            ("plain, ünïcode, 名前, 👩‍🚀", "plain, ünïcode, 名前, 👩‍🚀"),
            ("a\u{1b}[31mred\u{7}", "a␛[31mred␇"),
            ("evil\u{202e}exe.txt\u{202c}", "evil⟨U+202E⟩exe.txt⟨U+202C⟩"),
            ("\u{feff}x\u{200b}y\u{ad}z", "⟨U+FEFF⟩x⟨U+200B⟩y⟨U+00AD⟩z"),
            ("\0\x7f\u{9b}\u{e0041}", "␀␡⟨U+009B⟩⟨U+E0041⟩"),
            ("over\rwritten", "over␍written"),
        ];
        for (text, seen) in table {
            assert_eq!(block(text, 1_000), seen);
            assert_eq!(line(text, 1_000), seen);
            assert_eq!(block(seen, 1_000), seen, "once is enough");
        }
        assert_eq!(block("a\r\nb\n\tc", 99), "a\nb\n\tc");
        assert_eq!(line("a\r\nb\n\tc", 99), "a b  c");
    }

    #[test]
    fn what_is_too_long_is_cut_between_characters() {
        assert_eq!(block("äöü", 3), "äöü");
        assert_eq!(block("äöüx", 3), "äöü…");
        assert_eq!(line(&"🚀".repeat(100_000), 2), "🚀🚀…");
        assert_eq!(block(&"\u{202e}".repeat(100), 20).chars().count(), 17, "a sign is not cut");
        assert_eq!(tail("abcdef", 3), "…def");
        assert_eq!(tail("abc", 3), "abc");
    }
}
