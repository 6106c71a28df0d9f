//! The sandbox of this machine: its layers, and that right answers pass in it.
#![cfg(all(feature = "teach", target_os = "linux"))]

mod here;

use std::path::Path;
use std::sync::Arc;

use asynclings::check::{Options, check};
use asynclings::grading::sandbox::{Layer, Limits, Sandbox};
use asynclings::kit::Kit;
use asynclings::verdict::{Build, Status, TestOutcome};

fn sandbox() -> Sandbox {
    Sandbox::open(env!("CARGO_BIN_EXE_asynclings").into(), Limits::default(), true).unwrap()
}

#[test]
fn every_layer_holds_on_this_machine() {
    if here::can_confine() {
        let layers = sandbox();
        let layers = layers.layers();
        assert_eq!(layers.holding, Layer::ALL, "{:?}", layers.remarks);
    }
}

/// What a sandbox could take away: compile-fail cases, threads, files.
const SPECIAL: [&str; 3] = ["slot", "cpu_offload", "file_lines"];

/// One of each chapter, and the special ones. `verify` runs all of them in it.
#[test]
fn solutions_pass_in_it() {
    if !here::can_confine() {
        return;
    }
    let kit = Kit::find_from(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let options = Options {
        build: Build::Crate,
        cache: false,
        confine: Some(Arc::new(sandbox())),
        ..Options::default()
    };
    let catalogue = kit.catalogue();
    let special = SPECIAL.map(|name| catalogue.get(name).unwrap());
    for exercise in catalogue.chapters.iter().map(|c| &c.exercises[0]).chain(special) {
        let verdict = check(&kit, exercise, &kit.solution(exercise), &options).unwrap();
        assert_eq!(verdict.status, Status::Passed, "{verdict:#?}");
        println!("{}: {:?}", exercise.name, verdict.timings);
    }
}

/// Of what a visible test prints, its student sees a part.
#[test]
fn a_test_cannot_read_its_own_program() {
    if !here::can_confine() {
        return;
    }
    let kit = Kit::find_from(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let exercise = kit.catalogue().get("hello_async").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let answer = folder.path().join("hello_async.rs");
    let todo = "todo!()";
    let stub = std::fs::read_to_string(kit.solution(exercise)).unwrap();
    let (head, _) = stub.split_once("pub async fn simple_task").unwrap();
    std::fs::write(
        &answer,
        format!(
            "{head}
            pub async fn simple_task(_: &Log) {{ {todo} }}
            pub fn run(_: &Runtime, _: &Log) {{
                let program = std::env::args().next().unwrap();
                match std::fs::read(program) {{
                    Ok(_) => std::process::exit(3),
                    Err(_) => std::process::abort(),
                }}
            }}"
        ),
    )
    .unwrap();
    let options = Options {
        build: Build::Crate,
        cache: false,
        confine: Some(Arc::new(sandbox())),
        ..Options::default()
    };
    let verdict = check(&kit, exercise, &answer, &options).unwrap();
    let outcomes: Vec<_> = verdict.tests.iter().map(|t| t.outcome).collect();
    assert!(outcomes.contains(&TestOutcome::Crashed), "{verdict:#?}");
    assert!(!outcomes.contains(&TestOutcome::ExitedEarly), "it was read: {outcomes:?}");
}
