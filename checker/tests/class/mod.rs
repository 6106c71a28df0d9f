//! A class of students of whose answers is known what must come of them.
//!
//! [`Class::hand_in`] writes their submissions as folders, checkouts and
//! archives in turn; [`Class::differences`] says where a store says otherwise.
//! Everything follows from the seed.

// Tests and benchmarks each use a part of it.
#![allow(dead_code)]

mod deck;
mod hostile;
pub mod kit_copy;
mod pack;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use asynclings::catalogue::Exercise;
use asynclings::grading::model::{Attempt, AttemptOutcome};
use asynclings::kit::Kit;
use asynclings::verdict::Status;

use deck::Card;
pub use deck::Deck;
pub use hostile::Hostile;

/// What class it is to be.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub students: usize,
    pub seed: u64,
    /// Of a hundred answers, how many are their student's own. The others are
    /// shared by whoever handed in the same.
    pub own: u64,
    /// Whether there are answers that mean harm.
    pub hostile: bool,
}

/// What must come of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    Passed,
    /// Not passed, in whatever way, and for this pitfall.
    Pitfall(String),
    /// One of these.
    Status(&'static [Status]),
    Missing,
    Refused,
}

/// One answer.
pub struct Given {
    pub student: String,
    pub exercise: String,
    /// Where it comes from, for a person.
    pub what: String,
    pub expected: Expected,
    /// None: there is none, or it is no file.
    pub content: Option<Vec<u8>>,
}

pub struct Class {
    pub answers: Vec<Given>,
}

impl Class {
    /// Writes a class of this plan into `folder`.
    pub fn hand_in(kit: &Kit, exercises: &[&str], plan: Plan, folder: &Path) -> Self {
        let mut deck = Deck::new(plan.seed, plan.hostile);
        let mut answers = Vec::new();
        for number in 0..plan.students {
            let student = format!("student_{number:04}");
            let shape = pack::Shape::of(number);
            let mut files = Vec::new();
            for name in exercises {
                let exercise = kit.catalogue().get(name).unwrap();
                let own = (deck.below(100) < plan.own).then_some(number);
                let dealer = Dealer { kit, exercise, plan, student: &student, own, shape };
                let (given, file) = dealer.deal(&mut deck);
                files.extend(file);
                answers.push(given);
            }
            pack::write(folder, &student, shape, &files);
        }
        Class { answers }
    }

    /// What these attempts say that should be otherwise, a line each.
    pub fn differences(&self, attempts: &[Attempt]) -> Vec<String> {
        let by_name: BTreeMap<(&str, &str), &Attempt> =
            attempts.iter().map(|a| ((a.student.as_str(), a.exercise.as_str()), a)).collect();
        let mut differences = Vec::new();
        if attempts.len() != self.answers.len() {
            differences.push(format!("{} of {}", attempts.len(), self.answers.len()));
        }
        for given in &self.answers {
            let attempt = by_name.get(&(given.student.as_str(), given.exercise.as_str()));
            let outcome = attempt.map(|a| &a.outcome);
            if !outcome.is_some_and(|outcome| given.expected.is_met_by(outcome)) {
                differences.push(format!(
                    "{} {} ({}): wanted {:?}, got {}",
                    given.student,
                    given.exercise,
                    given.what,
                    given.expected,
                    outcome.map_or_else(|| "nothing".to_owned(), told),
                ));
            }
        }
        differences
    }

    /// How many of each kind there are.
    pub fn kinds(&self) -> BTreeMap<&'static str, usize> {
        let mut kinds = BTreeMap::new();
        for given in &self.answers {
            let kind = match &given.expected {
                Expected::Passed => "right",
                Expected::Pitfall(_) => "wrong",
                Expected::Missing => "missing",
                _ if given.what == "the stub" => "untouched",
                _ if given.what == "does not compile" => "broken",
                _ => "hostile",
            };
            *kinds.entry(kind).or_default() += 1;
        }
        kinds
    }
}

impl Expected {
    fn is_met_by(&self, outcome: &AttemptOutcome) -> bool {
        match (self, outcome) {
            (Expected::Missing, AttemptOutcome::Missing) => true,
            (Expected::Refused, AttemptOutcome::Refused(_)) => true,
            (Expected::Passed, AttemptOutcome::Checked(v)) => v.status.is_passed(),
            (Expected::Status(any), AttemptOutcome::Checked(v)) => any.contains(&v.status),
            (Expected::Pitfall(id), AttemptOutcome::Checked(v)) => {
                let told = v.main.as_ref().and_then(|main| main.pitfall.as_ref());
                !v.status.is_passed() && told == Some(id)
            }
            _ => false,
        }
    }
}

fn told(outcome: &AttemptOutcome) -> String {
    match outcome {
        AttemptOutcome::Checked(v) => {
            let main = v.main.as_ref();
            let pitfall = main.and_then(|main| main.pitfall.as_deref()).unwrap_or("no pitfall");
            let test = main.and_then(|main| main.test.as_deref()).unwrap_or("no test");
            let outcomes: Vec<_> = v.tests.iter().map(|t| t.outcome).collect();
            format!("{:?}, {pitfall}, {test}, {outcomes:?} {:?}", v.status, v.problem)
        }
        other => format!("{other:?}"),
    }
}

/// What is known before an answer is drawn.
struct Dealer<'a> {
    kit: &'a Kit,
    exercise: &'a Exercise,
    plan: Plan,
    student: &'a str,
    /// The student's number, if the answer is to be nobody else's.
    own: Option<usize>,
    shape: pack::Shape,
}

impl Dealer<'_> {
    /// An answer, and the file that is handed in for it.
    fn deal(&self, deck: &mut Deck) -> (Given, Option<pack::File>) {
        let solution = || fs::read(self.kit.solution(self.exercise)).unwrap();
        let (what, expected, content) = match deck.draw() {
            Card::Solution => ("the solution".to_owned(), Expected::Passed, solution()),
            Card::Accepted => {
                let (name, content) = self.of_corpus("accepted", deck);
                (format!("accepted/{name}"), Expected::Passed, content)
            }
            Card::Rejected => {
                let (name, content) = self.of_corpus("rejected", deck);
                let pitfall = name.split("--").next().unwrap().to_owned();
                (format!("rejected/{name}"), Expected::Pitfall(pitfall), content)
            }
            Card::Stub => {
                // With a mark it would not be untouched.
                let content = fs::read(self.kit.stub(self.exercise)).unwrap();
                let expected = Expected::Status(&[Status::NotStarted]);
                return self.given("the stub".to_owned(), expected, Some(content));
            }
            Card::Broken => {
                let content = [&solution()[..], b"\nfn broken( {\n"].concat();
                let expected = Expected::Status(&[Status::DoesNotCompile]);
                ("does not compile".to_owned(), expected, content)
            }
            Card::Missing => return self.given("missing".to_owned(), Expected::Missing, None),
            Card::Hostile(Hostile::Link) if self.shape.may_have_links() => {
                let (given, _) = self.given("a link".to_owned(), Expected::Refused, None);
                return (given, Some(pack::File::link(self.exercise, "/etc/passwd")));
            }
            Card::Hostile(hostile) => hostile.made_of(&solution()),
        };
        let mark = self.own.map(|number| format!("\n// Handed in by {number}.\n"));
        let content = [&content[..], mark.unwrap_or_default().as_bytes()].concat();
        self.given(what, expected, Some(content))
    }

    fn of_corpus(&self, folder: &str, deck: &mut Deck) -> (String, Vec<u8>) {
        let entries = fs::read_dir(self.kit.tests(self.exercise).join(folder)).unwrap();
        let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        let name = |file: &Path| file.file_stem().unwrap().to_str().unwrap().to_owned();
        files.sort();
        let file = files.swap_remove(deck.below(files.len() as u64) as usize);
        (name(&file), fs::read(file).unwrap())
    }

    fn given(
        &self,
        what: String,
        expected: Expected,
        content: Option<Vec<u8>>,
    ) -> (Given, Option<pack::File>) {
        let file = content.as_ref().map(|content| pack::File::regular(self.exercise, content));
        let (student, exercise) = (self.student.to_owned(), self.exercise.name.clone());
        (Given { student, exercise, what, expected, content }, file)
    }
}
