//! The screen: from a model to cells, and nothing else.

mod body;
mod footer;
mod header;
mod paint;

use ratatui::layout::Rect;
use ratatui::terminal::Frame;

use super::model::{Extent, Model};

/// How to draw.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Whether colours are wanted.
    pub colour: bool,
}

/// What was drawn, as far as others must know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drawn {
    /// How much the body holds, and how much of it is seen.
    pub extent: Extent,
    /// Where the path of the file stands: column, row and its text.
    pub path: Option<(u16, u16, String)>,
}

/// Draws everything. Works on any size, down to nothing.
pub fn draw(frame: &mut Frame<'_>, model: &Model, look: Look) -> Drawn {
    let area = frame.area();
    let goal = header::goal(model, usize::from(area.width)).len();
    let rows = Rows::of(area.height, u16::try_from(goal).unwrap_or(u16::MAX));
    let mut from = area.y;
    let mut take = |height: u16| {
        let part = Rect { y: from, height, ..area };
        from += height;
        part
    };
    let (head, state) = (take(rows.head), take(rows.state));
    let (body, foot) = (take(rows.body), take(rows.foot));
    let path = header::draw(frame, head, model, look);
    let extent = body::draw(frame, body, model, look);
    header::state(frame, state, model, extent, look);
    footer::draw(frame, foot, model, look);
    Drawn { extent, path }
}

/// How the height is shared out. The verdict matters most, then the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Rows {
    head: u16,
    state: u16,
    body: u16,
    foot: u16,
}

impl Rows {
    /// `goal` lines are shown above the body where there is room.
    fn of(height: u16, goal: u16) -> Self {
        let (head, foot) = match height {
            0..=3 => (0, 0),
            4..=7 => (0, 1),
            8..=11 => (1, 1),
            12..=17 => (3, 1),
            18..=21 => (3, 2),
            22..=23 => (3 + goal.min(2), 2),
            24..=35 => (3 + goal.min(3), 2),
            _ => (3 + goal.min(6), 2),
        };
        let state = height.min(1);
        Rows { head, state, body: height - head - state - foot, foot }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_are_shared_out_without_rest() {
        for (height, goal) in (0..200).flat_map(|height| [(height, 0), (height, 1), (height, 9)]) {
            let rows = Rows::of(height, goal);
            assert_eq!(rows.head + rows.state + rows.body + rows.foot, height);
            assert!(height < 2 || rows.body > 0);
        }
    }
}
