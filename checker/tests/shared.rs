//! The library that test programs are linked with, on Linux: it is in use, and
//! a check can do without.

#![cfg(target_os = "linux")]

mod alone;
#[allow(dead_code)]
mod mini_kit;

use std::fs;
use std::path::PathBuf;

use asynclings::check::{Options, check};
use asynclings::kit::Kit;
use asynclings::verdict::{Build, Status};
use mini_kit::MiniKit;

const LIBRARY: &str = "libasynclings_toolbox.so";

/// Checks the solution in this build; returns whether its test program loads
/// the library.
fn is_loaded(kit: &Kit, build: Build) -> bool {
    let pair = kit.catalogue().get("pair").unwrap();
    let options = Options { build, cache: false, test_seconds: Some(60), ..Options::default() };
    let verdict = check(kit, pair, &kit.solution(pair), &options).unwrap();
    assert_eq!(verdict.status, Status::Passed, "{verdict:#?}");
    let program = kit.state().join("work/pair/0/program/pair");
    let program = fs::read(program).unwrap();
    program.windows(LIBRARY.len()).any(|bytes| bytes == LIBRARY.as_bytes())
}

fn made(kit: &Kit) -> PathBuf {
    kit.state().join("made")
}

/// The folders that hold the library, or say why there is none.
fn places(kit: &Kit) -> Vec<PathBuf> {
    let builds = fs::read_dir(made(kit)).into_iter().flatten();
    builds.map(|build| build.unwrap().path().join("shared")).filter(|p| p.is_dir()).collect()
}

#[test]
fn a_check_links_with_the_library_and_can_do_without() {
    let mini = MiniKit::lay_out();
    let kit = mini.open();
    let _ = fs::remove_dir_all(made(&kit));
    for build in [Build::Module, Build::Crate] {
        assert!(is_loaded(&kit, build), "{build:?}: {:?}", places(&kit));
    }

    // A library that lacks what is looked for, and one that cannot be made.
    for place in places(&kit) {
        let loads = place.join("loads");
        let other = fs::read_dir(&loads).unwrap().map(|e| e.unwrap().path());
        let other = other.into_iter().find(|path| !path.ends_with(LIBRARY)).unwrap();
        fs::remove_file(loads.join(LIBRARY)).unwrap();
        fs::copy(other, loads.join(LIBRARY)).unwrap();
    }
    assert!(!is_loaded(&kit, Build::Module));
    for place in places(&kit) {
        fs::write(place.join("cannot"), "").unwrap();
    }
    assert!(!is_loaded(&kit, Build::Crate));
    fs::remove_dir_all(made(&kit)).unwrap();
}
