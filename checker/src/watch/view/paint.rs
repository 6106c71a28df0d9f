//! From our spans to the terminal library's.

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
    let mut painted = Style::new().add_modifier(Modifier::from(style.get_effects()));
    if look.colour {
        painted.fg = style.get_fg_color().map(Color::from);
        painted.bg = style.get_bg_color().map(Color::from);
    }
    painted
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
