//! Whether strangers can be kept in on this machine.

use std::sync::LazyLock;

use asynclings::grading::sandbox::{Limits, Sandbox};

/// With `ASYNCLINGS_SANDBOX=required`, a machine that cannot fails its tests.
const REQUIRED: &str = "ASYNCLINGS_SANDBOX";

/// Whether every layer of the sandbox holds here. Where one does not, grading
/// refuses to work, so there is nothing to test but that; it is said loudly.
pub fn can_confine() -> bool {
    static MISSING: LazyLock<Vec<String>> = LazyLock::new(|| {
        let program = env!("CARGO_BIN_EXE_asynclings").into();
        let sandbox = Sandbox::open(program, Limits::default(), true).unwrap();
        println!("{:?}", sandbox.layers());
        sandbox.layers().missing().iter().map(ToString::to_string).collect()
    });
    if MISSING.is_empty() {
        return true;
    }
    let required = std::env::var(REQUIRED).is_ok_and(|v| v == "required");
    assert!(!required, "the sandbox lacks {} here", MISSING.join(", "));
    eprintln!("SKIPPED: the sandbox lacks {} here", MISSING.join(", "));
    false
}
