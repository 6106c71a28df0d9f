//! The sandbox of this machine: its layers, and that right answers pass in it.
#![cfg(all(feature = "teach", target_os = "linux"))]

use std::path::Path;
use std::sync::Arc;

use asynclings::check::{Options, check};
use asynclings::grading::sandbox::{Layer, Limits, Sandbox};
use asynclings::kit::Kit;
use asynclings::verdict::{Build, Status};

fn sandbox() -> Sandbox {
    Sandbox::open(env!("CARGO_BIN_EXE_asynclings").into(), Limits::default(), true).unwrap()
}

#[test]
fn every_layer_holds_on_this_machine() {
    let sandbox = sandbox();
    println!("{:?}", sandbox.layers());
    assert_eq!(sandbox.layers().missing(), [] as [Layer; 0], "{:?}", sandbox.layers().remarks);
}

#[test]
fn the_solutions_pass_in_it() {
    let kit = Kit::find_from(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let options = Options {
        build: Build::Crate,
        cache: false,
        confine: Some(Arc::new(sandbox())),
        ..Options::default()
    };
    for exercise in kit.catalogue().exercises() {
        let verdict = check(&kit, exercise, &kit.solution(exercise), &options).unwrap();
        assert_eq!(verdict.status, Status::Passed, "{verdict:#?}");
        println!("{}: {:?}", exercise.name, verdict.timings);
    }
}
