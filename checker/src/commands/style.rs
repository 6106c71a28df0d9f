//! What colours mean, in one place for plain output and full screen.

use anstyle::{AnsiColor, Style};

/// Ordinary text.
pub const PLAIN: Style = Style::new();
/// What a page or a paragraph is about.
pub const TITLE: Style = Style::new().bold();
/// It holds.
pub const GOOD: Style = AnsiColor::Green.on_default();
/// It holds, and that is the news.
pub const PASSED: Style = AnsiColor::Green.on_default().bold();
/// It does not hold.
pub const BAD: Style = AnsiColor::Red.on_default();
/// It does not hold, and that is the news.
pub const FAILED: Style = AnsiColor::Red.on_default().bold();
/// It could be better.
pub const WARN: Style = AnsiColor::Yellow.on_default();
/// What one may skip.
pub const DIM: Style = Style::new().dimmed();
/// What one may type.
pub const KEY: Style = AnsiColor::Cyan.on_default().bold();
/// Program text.
pub const CODE: Style = AnsiColor::Cyan.on_default();
/// Bars and steps.
pub const PICTURE: Style = AnsiColor::BrightBlue.on_default();
/// The counterpart in Python.
pub const PYTHON: Style = AnsiColor::Magenta.on_default();
