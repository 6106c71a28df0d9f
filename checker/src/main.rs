//! The program `asynclings`.

use std::process::ExitCode;

fn main() -> ExitCode {
    // The program calls itself to enter the sandbox.
    #[cfg(feature = "teach")]
    if let Some(code) = asynclings::grading::sandbox::main(std::env::args_os()) {
        return code;
    }
    asynclings::commands::main().into()
}
