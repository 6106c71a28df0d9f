//! `cargo test`: grades every exercise, and says where you stand.
//!
//! Cargo stops at the first target that does not compile. This one always
//! compiles, and reports each exercise as a test, whatever state it is in.

use std::process::ExitCode;

fn main() -> ExitCode {
    asynclings::self_grade::main(cfg!(feature = "solutions"))
}
