//! Ctrl-C and the like, for commands that wait for other programs.

use crate::cancel::Cancel;

/// A token that is cancelled by Ctrl-C, SIGTERM or a closed terminal. Whoever
/// holds it ends what was started, and the command ends by itself.
pub fn on_signal() -> Cancel {
    let cancel = Cancel::new();
    let stop = cancel.clone();
    // It fails only if it was called before: then Ctrl-C ends the program
    // through the first token.
    let _ = ctrlc::set_handler(move || stop.cancel());
    cancel
}
