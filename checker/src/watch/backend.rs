//! How ratatui reaches the terminal.
//!
//! Its own way there is the crate `ratatui-crossterm`. What that one is built
//! with is a tenth of a learner's first build, so this does the same in a page,
//! and the rest is `ratatui-core`.

use std::io::{self, Stdout, Write, stdout};

use anstyle::{Effects, Reset, Style};
use crossterm::cursor::{self, Hide, MoveTo, Show};
use crossterm::queue;
use crossterm::terminal::{self, Clear};
use ratatui::backend::{ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use ratatui::style::Color;

/// Writes to standard output, as crossterm does.
pub struct Backend {
    out: Stdout,
}

impl Backend {
    pub fn new() -> Self {
        Backend { out: stdout() }
    }
}

impl ratatui::backend::Backend for Backend {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        draw(&mut self.out, content)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        queue!(self.out, Hide)?;
        self.out.flush()
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        queue!(self.out, Show)?;
        self.out.flush()
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        cursor::position().map(Position::from)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let Position { x, y } = position.into();
        queue!(self.out, MoveTo(x, y))?;
        self.out.flush()
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        queue!(
            self.out,
            Clear(match region {
                ClearType::All => terminal::ClearType::All,
                ClearType::AfterCursor => terminal::ClearType::FromCursorDown,
                ClearType::BeforeCursor => terminal::ClearType::FromCursorUp,
                ClearType::CurrentLine => terminal::ClearType::CurrentLine,
                ClearType::UntilNewLine => terminal::ClearType::UntilNewLine,
            })
        )?;
        self.out.flush()
    }

    fn size(&self) -> io::Result<Size> {
        terminal::size().map(Size::from)
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        // Nothing is drawn here whose size in pixels would matter.
        Ok(WindowSize { columns_rows: self.size()?, pixels: Size::ZERO })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Writes these cells, each where it belongs.
fn draw<'a>(
    out: &mut impl Write,
    content: impl Iterator<Item = (u16, u16, &'a Cell)>,
) -> io::Result<()> {
    let mut cursor = None;
    let mut painted = Style::new();
    write!(out, "{Reset}")?;
    for (x, y, cell) in content {
        if cursor != Some((x, y)) {
            queue!(out, MoveTo(x, y))?;
        }
        // After a wide character the next cell is one further, and said so.
        cursor = Some((x + 1, y));
        let style = style(cell);
        if style != painted {
            write!(out, "{Reset}{style}")?;
            painted = style;
        }
        write!(out, "{}", cell.symbol())?;
    }
    write!(out, "{Reset}")
}

fn style(cell: &Cell) -> Style {
    // A reset colour is the terminal's own.
    let colour = |colour: Color| (colour != Color::Reset).then(|| colour.into());
    Style::new()
        .fg_color(colour(cell.fg))
        .bg_color(colour(cell.bg))
        .effects(Effects::from(cell.modifier))
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;
    use ratatui::style::Modifier;

    use super::*;

    #[test]
    fn cells_are_written_where_they_belong_and_in_their_style() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 9, 2));
        let loud = ratatui::style::Style::new()
            .fg(Color::LightRed)
            .bg(Color::Indexed(17))
            .add_modifier(Modifier::BOLD | Modifier::REVERSED);
        buffer.set_string(0, 0, "数 ab", ratatui::style::Style::new());
        buffer.set_string(6, 1, "cd", loud);
        let mut out = Vec::new();
        let empty = Buffer::empty(buffer.area);
        draw(&mut out, empty.diff(&buffer).into_iter()).unwrap();
        let out = String::from_utf8(out).unwrap().replace('\x1b', "^");
        insta::assert_snapshot!(out, @"^[0m^[1;1H数^[1;4Hab^[2;7H^[0m^[1m^[7m^[91m^[48;5;17mcd^[0m");
    }
}
