//! The crates that an answer may use.

use std::collections::BTreeMap;
use std::fs;

use serde::Deserialize;

use crate::catalogue::parse_toml;
use crate::kit::Kit;
use crate::problem::{Problem, Result};

/// What exercises are compiled with, but for the kit's own instruments: what
/// its manifest names as dev-dependencies.
pub(super) fn usable_crates(kit: &Kit) -> Result<Vec<String>> {
    const OWN: [&str; 2] = ["kit", "asynclings"];
    #[derive(Deserialize)]
    struct Manifest {
        #[serde(rename = "dev-dependencies", default)]
        crates: BTreeMap<String, toml::Value>,
    }
    let path = kit.root().join("Cargo.toml");
    let text = fs::read_to_string(&path).map_err(|e| Problem::io("read", &path, &e))?;
    let manifest: Manifest = parse_toml(&text, &path)?;
    Ok(manifest.crates.into_keys().filter(|name| !OWN.contains(&name.as_str())).collect())
}
