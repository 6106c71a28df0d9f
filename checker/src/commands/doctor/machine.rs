//! The programs that checking needs.

use std::ffi::OsString;
use std::process::{Command, Stdio};

use record::Fact;

use super::{Finding, fail, ok, warn};

/// The oldest compiler that builds the kit, as its manifest says.
const OLDEST: &str = env!("CARGO_PKG_RUST_VERSION");

pub(super) fn rustc() -> Finding {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    match version(&rustc, &["--version"]) {
        Ok(said) if numbers(&said) < numbers(OLDEST) => fail(
            "rustc",
            &Fact::new("doctor-rustc-old").with("version", said).with("oldest", OLDEST),
        ),
        Ok(said) => ok("rustc", &Fact::new("doctor-found").with("version", said)),
        Err(error) => fail("rustc", &Fact::new("doctor-rustc-missing").with("error", error)),
    }
}

pub(super) fn cargo() -> Finding {
    match version(&cargo_program(), &["--version"]) {
        Ok(said) => ok("cargo", &Fact::new("doctor-found").with("version", said)),
        Err(error) => fail("cargo", &Fact::new("doctor-cargo-missing").with("error", error)),
    }
}

pub(super) fn clippy() -> Finding {
    match version(&cargo_program(), &["clippy", "--version"]) {
        Ok(said) => ok("clippy", &Fact::new("doctor-found").with("version", said)),
        Err(_) => warn("clippy", &Fact::new("doctor-clippy-missing")),
    }
}

pub(super) fn git() -> Finding {
    match version(&"git".into(), &["--version"]) {
        Ok(said) => ok("git", &Fact::new("doctor-found").with("version", said)),
        Err(_) => warn("git", &Fact::new("doctor-git-missing")),
    }
}

fn cargo_program() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// What a program says of its version, or why it does not.
fn version(program: &OsString, args: &[&str]) -> Result<String, String> {
    let out = Command::new(program).args(args).stdin(Stdio::null()).output();
    let out = out.map_err(|e| e.to_string())?;
    if !out.status.success() {
        return Err(String::from_utf8_lossy(&out.stderr).trim().to_owned());
    }
    let said = String::from_utf8_lossy(&out.stdout);
    Ok(said.lines().next().unwrap_or_default().trim().to_owned())
}

/// The numbers of the first word that begins with one: `rustc 1.95.0 (…)` is
/// 1, 95, 0.
fn numbers(version: &str) -> Vec<u32> {
    let word = version.split_whitespace().find(|w| w.starts_with(|c: char| c.is_ascii_digit()));
    let word = word.unwrap_or_default();
    word.split(['.', '-']).map_while(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_numbers() {
        assert!(numbers("rustc 1.95.0 (abc 2026-01-01)") >= numbers("1.89"));
        assert!(numbers("rustc 1.9.0") < numbers("1.89"));
        assert!(numbers("rustc 1.90.0-nightly (abc)") >= numbers("1.89"));
    }
}
