//! Answers that attack whoever grades them: none may gain a pass, see what is
//! hidden, do harm, or hold up the others.
//!
//! Each file in `attacks/` is such an answer. Its first lines say what it
//! tries, what must come of it and which verdicts are right. It is wrong in
//! every way that a test could see, so that a pass would be a breach. Where it
//! gets something that it should not, it prints a word that is looked for.
#![cfg(all(feature = "teach", target_os = "linux"))]

mod alone;
#[path = "attacks/harness/mod.rs"]
mod harness;
mod here;

use std::fs;
use std::path::Path;

use alone::alone;
use asynclings::grading::policy;
use asynclings::kit::Kit;
use harness::{Attack, Battle, submissions};

/// Each looks for processes that are left, and would find the other's.
const LOCK: &str = "attacks";

#[test]
fn no_answer_gains_anything_by_an_attack() {
    if !here::can_confine() {
        return;
    }
    let _alone = alone(LOCK);
    let attacks = Attack::all();
    let battle = Battle::begin();
    // A lane an exercise: whatever an answer leaves in its workplace lies there
    // for the next one.
    let lanes = [&["hello_async"][..], &["slot", "yield_now"]];
    let breaches: Vec<String> = std::thread::scope(|scope| {
        let lanes: Vec<_> = lanes
            .iter()
            .map(|lane| scope.spawn(|| battle.fight(&attacks, |a| lane.contains(&&*a.exercise))))
            .collect();
        lanes.into_iter().flat_map(|lane| lane.join().unwrap()).collect()
    });
    let tried = attacks.len();
    println!("{tried} tried, {} contained", tried - breaches.len());
    assert!(tried >= 40, "only {tried}");
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn no_submission_gains_anything_by_what_stands_around_its_answer() {
    if !here::can_confine() {
        return;
    }
    let _alone = alone(LOCK);
    let (tried, breaches) = submissions::fight();
    println!("{tried} tried, {} contained", tried - breaches.len());
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

/// The other side of it: whoever is honest must not be taken for an attacker.
#[test]
fn no_right_answer_is_refused_by_what_it_says() {
    let kit = Kit::find_from(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let crates = policy::CRATES.map(str::to_owned);
    let mut read = 0;
    for exercise in kit.catalogue().exercises() {
        let accepted = fs::read_dir(kit.tests(exercise).join("accepted")).into_iter().flatten();
        let accepted = accepted.map(|entry| entry.unwrap().path());
        for file in accepted.chain([kit.solution(exercise), kit.stub(exercise)]) {
            let breaches = policy::inspect(&fs::read(&file).unwrap(), &crates);
            assert_eq!(breaches, [], "{}", file.display());
            read += 1;
        }
    }
    assert!(read >= 20, "only {read}");
}
