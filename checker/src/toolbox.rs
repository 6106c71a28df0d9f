//! Where the compiled dependencies of exercises are, so that the compiler can
//! be called without cargo.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use std::{env, fs, io};

use serde::{Deserialize, Serialize};

use crate::cancel::Cancel;
use crate::check::{CargoOutput, Event, Options};
use crate::disk;
use crate::hash::Key;
use crate::kit::Kit;
use crate::made;
use crate::problem::{Problem, Result};
use crate::process::{self, End, Keep, Limits};
use crate::toolchain::{Stamp, Toolchain};

/// The crates that an exercise may use, compiled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Toolbox {
    /// Hash of all that it was built from: sources of the kit, manifests, the
    /// lock file, the compiler. Whatever was found with it depends on it.
    pub key: String,
    /// Name in the source, and file.
    pub externs: Vec<(String, PathBuf)>,
    /// Folders of what these need in turn.
    pub search: Vec<PathBuf>,
    files: Vec<Stamp>,
}

/// The package whose crates are not for exercises: it grades them.
const GRADER: &str = "asynclings";

impl Toolbox {
    /// The toolbox of this kit: as it was found last time if nothing has
    /// changed, else by asking cargo, which builds what is missing.
    pub fn ready(kit: &Kit, toolchain: &Toolchain, options: &Options) -> Result<Self> {
        let key = || key(kit, toolchain).map_err(|e| Problem::io("read", kit.root(), &e));
        let file = kit.state().join("toolbox.json");
        if let Some(known) = Toolbox::known(&file, &key()?) {
            return Ok(known);
        }
        // Whoever comes while another builds it finds it built.
        let _building = disk::lock(&kit.state().join("toolbox.lock"), &options.cancel)?;
        if let Some(known) = Toolbox::known(&file, &key()?) {
            return Ok(known);
        }
        (options.on_event)(Event::BuildingDependencies);
        let messages = ask_cargo(kit, options)?;
        // Cargo may have written the lock file.
        let key = key()?;
        let lock = kit.root().join("Cargo.lock");
        let lock = fs::read_to_string(&lock).map_err(|e| Problem::io("read", &lock, &e))?;
        let toolbox = Toolbox::from_messages(key, &messages, &lock, &root_package(kit)?)?;
        disk::remember(&file, &toolbox);
        Ok(toolbox)
    }

    /// Whether its files are still those that cargo spoke of.
    pub fn is_whole(&self) -> bool {
        self.files.iter().all(Stamp::holds)
    }

    /// Names what cargo has compiled: with other features, the same sources give
    /// other files, under other names.
    pub fn build(&self) -> String {
        let mut key = Key::new("build 1");
        key.add("key", &self.key);
        for file in self.files() {
            key.add("file", file.file_name().unwrap_or_default().as_encoded_bytes());
        }
        key.finish()
    }

    /// The same crates in a folder that holds nothing else: where cargo keeps
    /// them, there are also compiled tests and solutions.
    pub fn apart(&self, state: &Path, cancel: &Cancel) -> Result<Self> {
        let folder = made::once(state, &self.build(), "apart", cancel, |folder| {
            let problem = |e: io::Error| Problem::io("write", folder, &e);
            let place = |file: &Path| folder.join(file.file_name().unwrap_or_default());
            self.files().try_for_each(|f| disk::same_file(f, &place(f)).map_err(problem))
        })?;
        Ok(self.moved(&folder))
    }

    /// The files that its crates are in.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(Stamp::path)
    }

    /// The same, if all its crates were in this folder.
    pub fn moved(&self, folder: &Path) -> Self {
        let place = |file: &PathBuf| folder.join(file.file_name().unwrap_or_default());
        let externs = self.externs.iter().map(|(name, file)| (name.clone(), place(file)));
        Toolbox {
            key: self.key.clone(),
            externs: externs.collect(),
            search: vec![folder.to_owned()],
            files: Vec::new(),
        }
    }

    fn known(file: &Path, key: &str) -> Option<Self> {
        disk::recall::<Toolbox>(file).filter(|known| known.key == key && known.is_whole())
    }

    /// Takes from cargo's messages what the root package depends on.
    fn from_messages(key: String, messages: &str, lock: &str, root: &str) -> Result<Self> {
        let artifacts: Vec<Artifact> = messages
            .lines()
            .filter_map(|line| serde_json::from_str::<Artifact>(line).ok())
            .filter(|a| a.reason == "compiler-artifact" && a.target.is_library())
            // No exercise is compiled against the grader: it may change.
            .filter(|a| a.target.name != GRADER)
            .collect();
        let mut externs = Vec::new();
        for dependency in dependencies(lock, root)? {
            // Of two builds of one package (for the program, and for a build
            // script) cargo finishes the program's last.
            let found = artifacts.iter().rev().find(|a| dependency.is(&a.package_id));
            let Some(file) = found.and_then(Artifact::library) else {
                return Err(Problem::new("toolbox-lacks").with("package", dependency.name));
            };
            let name = found.map(|a| a.target.name.replace('-', "_")).unwrap_or_default();
            externs.push((name, file.clone()));
        }
        let files: BTreeSet<&PathBuf> = artifacts.iter().flat_map(|a| &a.filenames).collect();
        let search: BTreeSet<PathBuf> =
            files.iter().filter_map(|f| f.parent()).map(Path::to_owned).collect();
        Ok(Toolbox {
            key,
            externs,
            search: search.into_iter().collect(),
            files: files.into_iter().filter_map(|f| Stamp::of(f)).collect(),
        })
    }
}

#[derive(Deserialize)]
struct Artifact {
    reason: String,
    package_id: String,
    target: Target,
    filenames: Vec<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

impl Target {
    fn is_library(&self) -> bool {
        self.kind.iter().any(|k| matches!(k.as_str(), "lib" | "rlib" | "proc-macro"))
    }
}

impl Artifact {
    /// What the compiler wants to be shown: the whole library, not only its
    /// interface.
    fn library(&self) -> Option<&PathBuf> {
        self.filenames.iter().find(|f| f.extension().is_none_or(|e| e != "rmeta"))
    }
}

/// A line in the lock file: `tokio`, or `syn 2.0.1` where there are several.
#[derive(Debug, PartialEq, Eq)]
struct Dependency {
    name: String,
    version: Option<String>,
}

impl Dependency {
    /// Whether a package id of cargo means this one: `…#tokio@1.54.1`, or
    /// `path/to/tokio#1.54.1` where folder and package share a name.
    fn is(&self, id: &str) -> bool {
        let Some((place, fragment)) = id.rsplit_once('#') else { return false };
        let (name, version) = fragment
            .split_once('@')
            .unwrap_or_else(|| (place.rsplit('/').next().unwrap_or(place), fragment));
        name == self.name && self.version.as_deref().is_none_or(|v| v == version)
    }
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    #[serde(default)]
    dependencies: Vec<String>,
}

/// What the root package depends on, but for its grader.
fn dependencies(lock: &str, root: &str) -> Result<Vec<Dependency>> {
    let lock: Lock = crate::catalogue::parse_toml(lock, Path::new("Cargo.lock"))?;
    let package = lock.package.into_iter().find(|p| p.name == root);
    let listed = package.map(|p| p.dependencies).unwrap_or_default();
    let parsed = listed.iter().map(|entry| {
        let mut words = entry.split(' ').map(str::to_owned);
        Dependency { name: words.next().unwrap_or_default(), version: words.next() }
    });
    Ok(parsed.filter(|d| d.name != GRADER).collect())
}

#[derive(Deserialize)]
struct Manifest {
    package: Package,
}

#[derive(Deserialize)]
struct Package {
    name: String,
}

fn root_package(kit: &Kit) -> Result<String> {
    let path = kit.root().join("Cargo.toml");
    let text = fs::read_to_string(&path).map_err(|e| Problem::io("read", &path, &e))?;
    let manifest: Manifest = crate::catalogue::parse_toml(&text, &path)?;
    Ok(manifest.package.name)
}

/// Hash of all that the compiled crates come from.
fn key(kit: &Kit, toolchain: &Toolchain) -> io::Result<String> {
    let root = kit.root();
    let mut key = Key::new("toolbox 1");
    key.add("toolchain", &toolchain.version);
    key.add("rustc", toolchain.rustc.as_os_str().as_encoded_bytes());
    key.add("target", kit.target().as_os_str().as_encoded_bytes());
    for name in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_RUSTFLAGS"] {
        key.add(name, env::var_os(name).unwrap_or_default().as_encoded_bytes());
    }
    for file in ["Cargo.toml", "Cargo.lock", ".cargo/config.toml", "exercises/pitfalls.toml"] {
        key.add_file(file, &root.join(file))?;
    }
    for folder in ["tests/kit", "checker/record"] {
        key.add_file("Cargo.toml", &root.join(folder).join("Cargo.toml"))?;
        key.add_tree(&root.join(folder).join("src"), "rs")?;
    }
    // What the kit says is compiled into it.
    for language in crate::hash::folders_in(&root.join("exercises/text"))? {
        for file in ["kit.toml", "pitfalls.toml"] {
            key.add_file(file, &language.join(file))?;
        }
    }
    Ok(key.finish())
}

/// Lets cargo build the toolbox; returns its messages, one JSON object a line.
fn ask_cargo(kit: &Kit, options: &Options) -> Result<String> {
    // Downloads on a slow line take their time; a person can cancel.
    const LIMITS: Limits = Limits { time: Duration::from_secs(3600), output: 64 << 20 };
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(&cargo);
    command
        .current_dir(kit.root())
        .args(["test", "--no-run", "--test", "toolbox"])
        .arg("--message-format=json-render-diagnostics")
        .arg("--target-dir")
        .arg(kit.target());
    // With the features that this very program was built with, so that cargo
    // finds all that the two share built already.
    if cfg!(feature = "learn") {
        command.args(["--features", "asynclings/default"]);
    }
    #[cfg(feature = "teach")]
    command.args(["--features", "asynclings/teach"]);
    let problem = |error: &dyn std::fmt::Display| {
        Problem::new("cannot-run").with("path", cargo.display()).with("error", error)
    };
    let mut told = None;
    if options.cargo == CargoOutput::Events {
        let (reader, writer) = io::pipe().map_err(|e| problem(&e))?;
        command.stderr(writer);
        let on_event = options.on_event.clone();
        told = Some(std::thread::spawn(move || {
            for line in BufReader::new(reader).lines().map_while(io::Result::ok) {
                on_event(Event::Cargo(&line));
            }
        }));
    }
    let done = process::run(command, Keep::Stdout, LIMITS, &options.cancel);
    if let Some(told) = told {
        let _ = told.join();
    }
    let done = done.map_err(|e| problem(&e))?;
    match done.end {
        End::Exited(status) if status.success() => Ok(done.text()),
        End::Cancelled => Err(Problem::new("cancelled")),
        End::Exited(_) | End::TimedOut => Err(Problem::new("toolbox-failed")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"
        version = 4
        [[package]]
        name = "kit-of-exercises"
        version = "0.1.0"
        dependencies = ["asynclings", "asynclings-kit", "macros 2.0.0", "tokio"]
        [[package]]
        name = "tokio"
        version = "1.54.1"
    "#;

    fn artifact(id: &str, name: &str, kind: &str, files: &[&str]) -> String {
        serde_json::json!({
            "reason": "compiler-artifact", "package_id": id, "filenames": files,
            "target": { "name": name, "kind": [kind] }, "fresh": true,
        })
        .to_string()
    }

    #[test]
    fn cargo_says_where_the_crates_of_an_exercise_are() {
        let messages = [
            artifact("registry+https://x#macros@1.0.0", "macros", "proc-macro", &["/d/old.so"]),
            artifact("registry+https://x#macros@2.0.0", "macros", "proc-macro", &["/d/new.so"]),
            artifact(
                "registry+https://x#tokio@1.54.1",
                "tokio",
                "lib",
                &["/d/t.rmeta", "/d/t.rlib"],
            ),
            artifact("path+file:///k/tests/kit#asynclings-kit@0.1.0", "kit", "lib", &["/e/k.rlib"]),
            artifact(
                "path+file:///k/checker#asynclings@0.1.0",
                "asynclings",
                "lib",
                &["/g/a.rlib"],
            ),
            artifact("path+file:///k#kit-of-exercises@0.1.0", "toolbox", "test", &["/x/toolbox"]),
            r#"{"reason":"build-finished","success":true}"#.to_owned(),
            "not JSON".to_owned(),
        ]
        .join("\n");
        let toolbox =
            Toolbox::from_messages("k".into(), &messages, LOCK, "kit-of-exercises").unwrap();
        let externs: Vec<(&str, &str)> =
            toolbox.externs.iter().map(|(n, f)| (n.as_str(), f.to_str().unwrap())).collect();
        let wanted = [("kit", "/e/k.rlib"), ("macros", "/d/new.so"), ("tokio", "/d/t.rlib")];
        assert_eq!(externs, wanted);
        assert_eq!(toolbox.search, [PathBuf::from("/d"), PathBuf::from("/e")]);
    }

    #[test]
    fn a_crate_that_cargo_did_not_build_is_named() {
        let error = Toolbox::from_messages("k".into(), "", LOCK, "kit-of-exercises").unwrap_err();
        assert_eq!(error.key(), "toolbox-lacks");
        assert!(error.to_string().contains("asynclings-kit"), "{error}");
    }

    #[test]
    fn package_ids_come_in_two_forms() {
        let tokio = Dependency { name: "tokio".into(), version: None };
        assert!(tokio.is("registry+https://x#tokio@1.54.1"));
        assert!(tokio.is("path+file:///home/me/tokio#1.54.1"));
        assert!(!tokio.is("registry+https://x#tokio-test@0.4.6"));
        let old = Dependency { version: Some("1.0.0".into()), ..tokio };
        assert!(!old.is("registry+https://x#tokio@1.54.1"));
    }
}
