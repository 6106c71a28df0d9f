//! The lock file of an edition: the kit's, without the crates that are not
//! needed any more. Every other crate keeps its version.

use std::collections::BTreeSet;
use std::env;
use std::path::Path;
use std::process::{Command, Stdio};

use toml_edit::{DocumentMut, Item};

use super::manifest::parse;
use crate::problem::{Problem, Result};

/// Lets cargo prune the lock file in `folder`, which holds that of the kit.
/// Needs no network: all that stays has been there before.
///
/// # Errors
/// Cargo refuses the manifests, or would have taken other versions.
pub fn prune(folder: &Path) -> Result<String> {
    let path = folder.join("Cargo.lock");
    let read = || std::fs::read_to_string(&path).map_err(|e| Problem::io("read", &path, &e));
    let before = packages(&parse(&read()?, "Cargo.lock")?);
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let done = Command::new(&cargo)
        .args(["update", "--workspace", "--offline", "--quiet", "--color=never"])
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| {
            Problem::new("cannot-run").with("path", cargo.display()).with("error", error)
        })?;
    if !done.status.success() {
        let said = String::from_utf8_lossy(&done.stderr);
        return Err(Problem::new("release-lock").with("error", said.trim()));
    }
    let text = read()?;
    let after = packages(&parse(&text, "Cargo.lock")?);
    if let Some(new) = after.difference(&before).next() {
        return Err(Problem::new("release-lock-differs").with("package", new));
    }
    Ok(text)
}

/// Name, version and checksum of each package.
fn packages(lock: &DocumentMut) -> BTreeSet<String> {
    let all = lock.get("package").and_then(Item::as_array_of_tables);
    let text = |table: &toml_edit::Table, key: &str| {
        table.get(key).and_then(Item::as_str).unwrap_or_default().to_owned()
    };
    all.into_iter()
        .flatten()
        .map(|p| format!("{} {} {}", text(p, "name"), text(p, "version"), text(p, "checksum")))
        .map(|line| line.trim_end().to_owned())
        .collect()
}
