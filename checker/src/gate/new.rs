//! Scaffolding an exercise.

use std::fs;
use std::path::{Path, PathBuf};

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

use super::templates::{self, fill_in};
use super::words;
use super::write::{Draft, Written};
use crate::catalogue::{Catalogue, Exercise};
use crate::kit::Kit;
use crate::problem::{Problem, Result};
use crate::stubs;

/// What is to be made.
#[derive(Clone, Debug)]
pub struct NewExercise {
    /// Its name, for ever.
    pub name: String,
    /// The number of its chapter.
    pub chapter: u32,
    /// For a chapter that is new as well: its name, `tasks` for `04_tasks`.
    pub chapter_name: Option<String>,
}

/// Writes the files of a new exercise, and enters it where it must be known.
///
/// # Errors
/// The name is bad or taken, there is no such chapter, or a file cannot be
/// written; then nothing has changed.
pub fn new_exercise(kit: &Kit, wanted: &NewExercise) -> Result<Written> {
    let manifest_path = kit.root().join("Cargo.toml");
    let mut manifest = read_toml(&manifest_path)?;
    check_name(kit, &wanted.name, &manifest)?;

    let catalogue_path = kit.root().join("exercises").join("catalogue.toml");
    let mut entries = read_toml(&catalogue_path)?;
    let is_new_chapter = enter(&mut entries, kit.catalogue(), wanted)?;
    let entries = entries.to_string();
    // What was edited is read back: the position of the exercise among the
    // others comes from there, and a slip would be seen before it is written.
    let catalogue = Catalogue::parse(&entries, &catalogue_path)?;
    let exercise = catalogue.get(&wanted.name)?;
    let before = catalogue.exercises().take_while(|e| *e != exercise).last();

    let mut draft = Draft::default();
    add_files(&mut draft, kit, exercise, is_new_chapter);
    draft.change(catalogue_path, entries);
    enter_target(&mut manifest, &wanted.name, before);
    draft.change(manifest_path, manifest.to_string());
    let list_path = kit.root().join(stubs::LIST);
    if list_path.is_file() {
        let stub = fill_in(templates::STUB, &exercise.name, &exercise.folder);
        let list = read(&list_path)? + &stubs::line(exercise, stub.as_bytes());
        draft.change(list_path, stubs::sorted(&list));
    }
    let library_path = kit.root().join("solutions").join("lib.rs");
    let library = read(&library_path)?;
    draft.change(library_path, with_module(&library, exercise));
    draft.write()
}

fn add_files(draft: &mut Draft, kit: &Kit, exercise: &Exercise, is_new_chapter: bool) {
    let tests = kit.tests(exercise);
    let mut add = |path: PathBuf, template: &str| {
        draft.add(path, fill_in(template, &exercise.name, &exercise.folder));
    };
    add(kit.stub(exercise), templates::STUB);
    add(kit.solution(exercise), templates::SOLUTION);
    add(tests.join("main.rs"), &templates::main(exercise));
    add(tests.join("visible.rs"), templates::VISIBLE);
    add(tests.join("hidden.rs"), templates::HIDDEN);
    add(tests.join("accepted").join("ANOTHER-WAY.rs"), templates::ACCEPTED);
    add(tests.join("rejected").join("PITFALL-ID.rs"), templates::REJECTED);
    add(words::english(kit, exercise), templates::TEXT);
    if is_new_chapter {
        add(kit.lesson(exercise), templates::LESSON);
    }
}

/// The name becomes a file, a module, a target of cargo and a crate's neighbour.
fn check_name(kit: &Kit, name: &str, manifest: &DocumentMut) -> Result<()> {
    let bad = |key: &str| Err(Problem::new(key).with("name", name));
    if !is_snake_case(name) {
        return bad("new-bad-name");
    }
    if syn::parse_str::<syn::Ident>(name).is_err() {
        return bad("new-keyword");
    }
    if kit.catalogue().exercises().any(|e| e.name == name) {
        return bad("new-known");
    }
    let crates = ["dependencies", "dev-dependencies"]
        .iter()
        .filter_map(|table| manifest.get(table)?.as_table_like())
        .flat_map(|table| table.iter().map(|(key, _)| key.replace('-', "_")));
    let targets = manifest.get("test").and_then(Item::as_array_of_tables);
    let targets = targets.into_iter().flatten();
    let targets = targets.filter_map(|t| Some(t.get("name")?.as_str()?.to_owned()));
    let modules = ["alloc", "core", "exercise", "hidden", "std", "test", "visible"];
    let taken = crates.chain(targets).chain(modules.map(str::to_owned)).any(|t| t == name);
    if taken { bad("new-taken") } else { Ok(()) }
}

fn is_snake_case(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        && !name.ends_with('_')
        && !name.contains("__")
}

/// Enters the exercise at the end of its chapter; whether the chapter is new.
fn enter(entries: &mut DocumentMut, known: &Catalogue, wanted: &NewExercise) -> Result<bool> {
    let NewExercise { name, chapter: number, chapter_name } = wanted;
    let at = known.chapters.iter().position(|c| c.number == *number);
    let chapters = array(entries.as_table_mut(), "chapter");
    let chapter = match (at, chapter_name) {
        (Some(at), None) => chapters.get_mut(at),
        (Some(at), Some(_)) => {
            let folder = &known.chapters[at].folder;
            return Err(Problem::new("new-chapter-known")
                .with("number", number)
                .with("folder", folder));
        }
        (None, None) => {
            let numbers: Vec<_> = known.chapters.iter().map(|c| c.number.to_string()).collect();
            let problem = Problem::new("new-chapter-unknown").with("number", number);
            return Err(problem.with("known", numbers.join(", ")));
        }
        (None, Some(words)) if !is_snake_case(words) => {
            return Err(Problem::new("new-bad-name").with("name", words));
        }
        (None, Some(words)) => {
            let mut chapter = Table::new();
            chapter.decor_mut().set_prefix("\n");
            chapter["number"] = value(i64::from(*number));
            chapter["folder"] = value(format!("{number:02}_{words}"));
            let at = known.chapters.iter().take_while(|c| c.number < *number).count();
            insert(chapters, at, chapter);
            chapters.get_mut(at)
        }
    };
    let exercises = array(chapter.expect("it was found, or put there, above"), "exercise");
    exercises.push(first_table(&fill_in(templates::ENTRY, name, ""), "exercise"));
    Ok(at.is_none())
}

/// Enters the target after that of the exercise before it.
fn enter_target(manifest: &mut DocumentMut, name: &str, before: Option<&Exercise>) {
    let targets = array(manifest.as_table_mut(), "test");
    let is_before =
        |t: &Table| before.is_some_and(|b| t.get("name").and_then(Item::as_str) == Some(&b.name));
    let at = targets.iter().position(is_before).map_or(targets.len(), |at| at + 1);
    insert(targets, at, first_table(&templates::target(name), "test"));
}

/// Adds the module where rustfmt would put it: by name.
fn with_module(library: &str, exercise: &Exercise) -> String {
    let module = templates::module(exercise);
    let library = library.replace("\r\n", "\n");
    let name_of = |block: &str| {
        let (_, name) = block.split_once("pub mod ")?;
        Some(name.split_once(';')?.0.to_owned())
    };
    let mut blocks = library.match_indices("#[path").map(|(at, _)| at);
    let next = blocks.find(|at| name_of(&library[*at..]).is_some_and(|n| n > exercise.name));
    match next {
        Some(at) => format!("{}{module}{}", &library[..at], &library[at..]),
        None => format!("{}\n{module}", library.trim_end_matches('\n')),
    }
}

fn array<'a>(table: &'a mut Table, key: &str) -> &'a mut ArrayOfTables {
    let item = table.entry(key).or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
    if !item.is_array_of_tables() {
        // `test = []` says the same as no entry at all.
        *item = Item::ArrayOfTables(ArrayOfTables::new());
    }
    item.as_array_of_tables_mut().expect("it was made one")
}

fn insert(tables: &mut ArrayOfTables, at: usize, table: Table) {
    let mut all: Vec<Table> = std::mem::take(tables).into_iter().collect();
    all.insert(at, table);
    tables.extend(all);
}

/// The table of a template, to be put into another document.
fn first_table(toml: &str, key: &str) -> Table {
    let mut document: DocumentMut = toml.parse().expect("templates are tried by tests");
    let mut table = array(document.as_table_mut(), key).get(0).cloned().unwrap_or_default();
    // Its place is where it is put, not where it stood in the template.
    table.set_position(None);
    table.decor_mut().set_prefix("\n");
    table
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|e| Problem::io("read", path, &e))
}

fn read_toml(path: &Path) -> Result<DocumentMut> {
    let text = read(path)?;
    text.parse().map_err(|error: toml_edit::TomlError| {
        let start = error.span().map_or(0, |s| s.start);
        let line = 1 + text.bytes().take(start).filter(|b| *b == b'\n').count();
        Problem::new("bad-toml")
            .with("path", path.display())
            .with("line", line)
            .with("error", error.message())
    })
}
