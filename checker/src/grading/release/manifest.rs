//! Manifests without what an edition lacks: features, crates that only those
//! needed, members and targets whose files are not there. Comments of all that
//! stays, stay.

use std::collections::BTreeSet;

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, TableLike};

use super::conditions::GONE;
use super::files::Files;
use crate::problem::{Problem, Result};

/// Tables with crates that a package is built with.
const DEPENDENCIES: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

/// Reads TOML that is to be edited.
///
/// # Errors
/// It is no TOML: where, and what is wrong.
pub fn parse(text: &str, path: &str) -> Result<DocumentMut> {
    text.parse().map_err(|error: toml_edit::TomlError| {
        let start = error.span().map_or(0, |span| span.start);
        let line = 1 + text.bytes().take(start).filter(|b| *b == b'\n').count();
        Problem::new("bad-toml")
            .with("path", path)
            .with("line", line)
            .with("error", error.message())
    })
}

/// Takes from a package's manifest what the edition does not have. `folder` is
/// the package's, empty for the root.
pub fn prune_package(manifest: &mut DocumentMut, folder: &str, files: &Files) {
    let root = manifest.as_table_mut();
    for (kind, sources) in
        [("test", "tests"), ("bench", "benches"), ("bin", "src/bin"), ("example", "examples")]
    {
        prune_targets(root, kind, folder, sources, files);
    }
    prune_features(root);
    let kept = in_features(root);
    // Unit tests are gone, so only test targets use these.
    let has_tests = root.contains_key("test");
    prune_crates(root, &kept, has_tests);
    if let Some(targets) = root.get_mut("target").and_then(Item::as_table_like_mut) {
        let platforms: Vec<String> = targets.iter().map(|(key, _)| key.to_owned()).collect();
        for platform in platforms {
            let Some(table) = targets.get_mut(&platform).and_then(Item::as_table_like_mut) else {
                continue;
            };
            prune_crates(table, &kept, has_tests);
            if table.is_empty() {
                targets.remove(&platform);
            }
        }
    }
    remove_if_empty(root, "target");
}

/// Takes from the workspace the members that are not there, and the versions
/// of crates that no manifest asks for any more.
pub fn prune_workspace(manifest: &mut DocumentMut, packages: &[&DocumentMut], files: &Files) {
    let mut used: BTreeSet<String> = asked_of_workspace(manifest);
    used.extend(packages.iter().flat_map(|package| asked_of_workspace(package)));
    let root = manifest.as_table_mut();
    if !root.contains_key("bench")
        && let Some(profiles) = root.get_mut("profile").and_then(Item::as_table_like_mut)
    {
        profiles.remove("bench");
    }
    let Some(workspace) = root.get_mut("workspace").and_then(Item::as_table_like_mut) else {
        return;
    };
    if let Some(members) = workspace.get_mut("members").and_then(Item::as_array_mut) {
        members
            .retain(|m| m.as_str().is_some_and(|m| files.contains_key(&format!("{m}/Cargo.toml"))));
        // The first one may have stood behind another.
        if let Some(first) = members.get_mut(0) {
            let is_one_line = first.decor().prefix().and_then(|p| p.as_str()) == Some(" ");
            if is_one_line {
                first.decor_mut().set_prefix("");
            }
        }
    }
    if let Some(versions) = workspace.get_mut("dependencies").and_then(Item::as_table_like_mut) {
        retain(versions, |name, _| used.contains(name));
    }
}

fn prune_targets(root: &mut Table, kind: &str, folder: &str, sources: &str, files: &Files) {
    let Some(targets) = root.get_mut(kind).and_then(Item::as_array_of_tables_mut) else { return };
    let mut kept = ArrayOfTables::new();
    // A comment over the first of several is about all of them.
    let mut comment = None;
    for mut target in std::mem::take(targets) {
        let text = |key| target.get(key).and_then(Item::as_str);
        let path = text("path").map_or_else(
            || format!("{sources}/{}.rs", text("name").unwrap_or_default()),
            str::to_owned,
        );
        let path = if folder.is_empty() { path } else { format!("{folder}/{path}") };
        let needs_gone =
            target.get("required-features").and_then(Item::as_array).is_some_and(|features| {
                features.iter().filter_map(|f| f.as_str()).any(|f| GONE.contains(&f))
            });
        let above = target.decor().prefix().and_then(|p| p.as_str()).unwrap_or_default();
        let has_comment = above.contains('#');
        if files.contains_key(&path) && !needs_gone {
            if let Some(comment) = comment.take().filter(|_| !has_comment) {
                target.decor_mut().set_prefix(comment);
            }
            kept.push(target);
        } else if has_comment && !kept.is_empty() {
            comment = Some(above.to_owned());
        }
    }
    *targets = kept;
    remove_if_empty(root, kind);
}

fn prune_features(root: &mut Table) {
    let Some(features) = root.get_mut("features").and_then(Item::as_table_like_mut) else { return };
    GONE.iter().for_each(|gone| {
        features.remove(gone);
    });
    remove_if_empty(root, "features");
}

/// The crates that some feature still brings along.
fn in_features(root: &Table) -> BTreeSet<String> {
    let features = root.get("features").and_then(Item::as_table_like);
    let lists = features.into_iter().flat_map(|table| table.iter());
    let entries = lists.filter_map(|(_, list)| list.as_array()).flatten();
    let crate_of = |entry: &str| {
        let name = entry.strip_prefix("dep:").unwrap_or(entry);
        name.split(['/', '?']).next().unwrap_or_default().to_owned()
    };
    entries.filter_map(|entry| entry.as_str().map(crate_of)).collect()
}

fn prune_crates(table: &mut dyn TableLike, kept: &BTreeSet<String>, has_tests: bool) {
    for kind in DEPENDENCIES {
        let Some(crates) = table.get_mut(kind).and_then(Item::as_table_like_mut) else { continue };
        if kind == "dev-dependencies" && !has_tests {
            table.remove(kind);
            continue;
        }
        retain(crates, |name, says| {
            let is_optional = says.as_table_like().and_then(|t| t.get("optional"));
            kept.contains(name) || is_optional.and_then(Item::as_bool) != Some(true)
        });
        if crates.is_empty() {
            table.remove(kind);
        }
    }
}

/// The crates whose version a manifest takes from the workspace.
fn asked_of_workspace(manifest: &DocumentMut) -> BTreeSet<String> {
    let platforms = manifest.get("target").and_then(Item::as_table_like);
    let platforms = platforms.into_iter().flat_map(|t| t.iter());
    let tables = platforms.filter_map(|(_, table)| table.as_table_like());
    let tables = std::iter::once::<&dyn TableLike>(manifest.as_table()).chain(tables);
    let mut asked = BTreeSet::new();
    for table in tables {
        for kind in DEPENDENCIES {
            let Some(crates) = table.get(kind).and_then(Item::as_table_like) else { continue };
            let of_workspace = |says: &Item| {
                let says = says.as_table_like().and_then(|t| t.get("workspace"));
                says.and_then(Item::as_bool) == Some(true)
            };
            asked.extend(
                crates.iter().filter(|(_, i)| of_workspace(i)).map(|(name, _)| name.to_owned()),
            );
        }
    }
    asked
}

/// Keeps what `keep` says.
fn retain(table: &mut dyn TableLike, keep: impl Fn(&str, &Item) -> bool) {
    let gone: Vec<String> = table
        .iter()
        .filter(|(name, item)| !keep(name, item))
        .map(|(name, _)| name.to_owned())
        .collect();
    for name in gone {
        table.remove(&name);
    }
}

fn remove_if_empty(root: &mut Table, key: &str) {
    let is_empty = root.get(key).is_some_and(|item| match item {
        Item::ArrayOfTables(tables) => tables.is_empty(),
        item => item.as_table_like().is_some_and(TableLike::is_empty),
    });
    if is_empty {
        root.remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(paths: &[&str]) -> Files {
        paths.iter().map(|path| ((*path).to_owned(), Vec::new())).collect()
    }

    fn pruned(text: &str, folder: &str, there: &[&str]) -> String {
        let mut manifest = parse(text, "Cargo.toml").unwrap();
        prune_package(&mut manifest, folder, &files(there));
        manifest.to_string()
    }

    #[test]
    fn features_go_with_the_crates_that_only_they_need() {
        let before = r#"# Head.
[features]
default = ["learn"]
# For learners.
learn = ["dep:a", "b/x", "c?/y"]
# For authors.
teach = ["learn", "dep:d"]
solutions = []

[dependencies]
a = { version = "1", optional = true }
# Why b.
b = { version = "1", optional = true }
c = { version = "1", optional = true }
# Why d.
d = { version = "1", optional = true }
e = "1"

[dependencies.f]
version = "1"
optional = true

[target.'cfg(unix)'.dependencies]
g = { version = "1", optional = true }

[dev-dependencies]
h = "1"
"#;
        let after = r#"# Head.
[features]
default = ["learn"]
# For learners.
learn = ["dep:a", "b/x", "c?/y"]

[dependencies]
a = { version = "1", optional = true }
# Why b.
b = { version = "1", optional = true }
c = { version = "1", optional = true }
e = "1"
"#;
        assert_eq!(pruned(before, "", &[]), after);
    }

    #[test]
    fn targets_without_a_file_go_and_their_comment_finds_another() {
        let before = r#"[dev-dependencies]
h = "1"

# Grades all.
[[test]]
name = "all"
path = "tests/all.rs"

# One for each.
[[test]]
name = "one"
path = "tests/one/main.rs"

[[test]]
name = "two"
path = "tests/two/main.rs"

[[bench]]
name = "speed"
harness = false

[[bin]]
name = "cell"
path = "src/cell.rs"
required-features = ["teach"]
"#;
        let after = r#"[dev-dependencies]
h = "1"

# Grades all.
[[test]]
name = "all"
path = "tests/all.rs"

# One for each.
[[test]]
name = "two"
path = "tests/two/main.rs"
"#;
        let there = ["x/tests/all.rs", "x/tests/two/main.rs", "x/src/cell.rs"];
        assert_eq!(pruned(before, "x", &there), after);
    }

    #[test]
    fn the_workspace_keeps_what_is_there_and_asked_for() {
        let text = r#"[workspace]
members = ["gone", "here"]

[workspace.dependencies]
a = "1"
b = "1"
c = "1"

[profile.bench]
inherits = "dev"

[dependencies]
a.workspace = true
"#;
        let mut root = parse(text, "Cargo.toml").unwrap();
        let member = parse("[target.'cfg(unix)'.dependencies]\nc = { workspace = true }\n", "m");
        prune_workspace(&mut root, &[&member.unwrap()], &files(&["here/Cargo.toml"]));
        let after = r#"[workspace]
members = ["here"]

[workspace.dependencies]
a = "1"
c = "1"

[dependencies]
a.workspace = true
"#;
        assert_eq!(root.to_string(), after);
    }
}
