//! From our spans to the terminal library's.

use anstyle::{AnsiColor, Color as From, Effects};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span as Piece};

use super::Look;
use crate::commands::page::Span;

/// A line for the screen.
pub fn line(spans: &[Span], look: Look) -> Line<'static> {
    Line::from(spans.iter().map(|s| piece(s, look)).collect::<Vec<_>>())
}

/// A piece of a line.
pub fn piece(span: &Span, look: Look) -> Piece<'static> {
    Piece::styled(span.text.clone(), style(span.style, look))
}

/// A style as the screen's library has it. Without colours its effects stay.
pub fn style(style: anstyle::Style, look: Look) -> Style {
    let mut painted = Style::new();
    if look.colour {
        painted.fg = style.get_fg_color().map(colour);
        painted.bg = style.get_bg_color().map(colour);
    }
    let effects = style.get_effects();
    let pairs = [
        (Effects::BOLD, Modifier::BOLD),
        (Effects::DIMMED, Modifier::DIM),
        (Effects::ITALIC, Modifier::ITALIC),
        (Effects::UNDERLINE, Modifier::UNDERLINED),
        (Effects::INVERT, Modifier::REVERSED),
    ];
    for (effect, modifier) in pairs {
        if effects.contains(effect) {
            painted = painted.add_modifier(modifier);
        }
    }
    painted
}

fn colour(colour: From) -> Color {
    let named = match colour {
        From::Ansi256(index) => return Color::Indexed(index.0),
        From::Rgb(rgb) => return Color::Rgb(rgb.0, rgb.1, rgb.2),
        From::Ansi(named) => named,
    };
    match named {
        AnsiColor::Black => Color::Black,
        AnsiColor::Red => Color::Red,
        AnsiColor::Green => Color::Green,
        AnsiColor::Yellow => Color::Yellow,
        AnsiColor::Blue => Color::Blue,
        AnsiColor::Magenta => Color::Magenta,
        AnsiColor::Cyan => Color::Cyan,
        AnsiColor::White => Color::Gray,
        AnsiColor::BrightBlack => Color::DarkGray,
        AnsiColor::BrightRed => Color::LightRed,
        AnsiColor::BrightGreen => Color::LightGreen,
        AnsiColor::BrightYellow => Color::LightYellow,
        AnsiColor::BrightBlue => Color::LightBlue,
        AnsiColor::BrightMagenta => Color::LightMagenta,
        AnsiColor::BrightCyan => Color::LightCyan,
        AnsiColor::BrightWhite => Color::White,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::style;

    #[test]
    fn without_colours_effects_stay() {
        let plain = super::style(style::FAILED, Look { colour: false });
        assert_eq!((plain.fg, plain.add_modifier), (None, Modifier::BOLD));
        let painted = super::style(style::FAILED, Look { colour: true });
        assert_eq!(painted.fg, Some(Color::Red));
    }
}
