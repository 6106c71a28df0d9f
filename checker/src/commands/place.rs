//! Where the learner is, and what comes next.

use crate::catalogue::{Catalogue, Exercise};
use crate::progress::{Progress, State};

/// The exercise to work on: the one that the learner is at, unless it is done;
/// else the one after it that is open. None when all are done.
pub fn current<'k>(catalogue: &'k Catalogue, progress: &Progress) -> Option<&'k Exercise> {
    let at =
        progress.current.as_deref().and_then(|name| catalogue.exercises().find(|e| e.name == name));
    match at {
        Some(at) if !progress.is_passed(&at.name) => Some(at),
        Some(at) => next(catalogue, progress, &at.name),
        None => next(catalogue, progress, ""),
    }
}

/// The exercise to go to from the one named `from`: the next open one, from
/// the beginning again after the last, or if there is none of that name. Those that were given up come when no
/// other is left; `from` itself never comes.
pub fn next<'k>(catalogue: &'k Catalogue, progress: &Progress, from: &str) -> Option<&'k Exercise> {
    let all: Vec<&Exercise> = catalogue.exercises().collect();
    let at = all.iter().position(|e| e.name == from);
    let (before, after) = match at {
        Some(at) => (&all[..at], &all[at + 1..]),
        None => (&all[..], &[][..]),
    };
    first(after.iter().chain(before).copied(), progress)
}

fn first<'k>(
    exercises: impl Iterator<Item = &'k Exercise> + Clone,
    progress: &Progress,
) -> Option<&'k Exercise> {
    [State::Open, State::GaveUp]
        .into_iter()
        .find_map(|state| exercises.clone().find(|e| progress.of(&e.name).state == state))
}

/// How many exercises of the catalogue have passed.
pub fn passed(catalogue: &Catalogue, progress: &Progress) -> usize {
    catalogue.exercises().filter(|e| progress.is_passed(&e.name)).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::sample;

    fn at(current: Option<&str>, states: &[(&str, State)]) -> Progress {
        let mut progress = Progress { current: current.map(str::to_owned), ..Progress::default() };
        for (name, state) in states {
            progress.entry(name).state = *state;
        }
        progress
    }

    fn name(exercise: Option<&Exercise>) -> Option<&str> {
        exercise.map(|e| e.name.as_str())
    }

    #[test]
    fn the_current_one_stays_until_it_has_passed() {
        let kit = sample::catalogue();
        assert_eq!(name(current(&kit, &at(None, &[]))), Some("one"));
        assert_eq!(name(current(&kit, &at(Some("two"), &[]))), Some("two"));
        assert_eq!(name(current(&kit, &at(Some("two"), &[("two", State::GaveUp)]))), Some("two"));
        assert_eq!(name(current(&kit, &at(Some("two"), &[("two", State::Passed)]))), Some("three"));
        assert_eq!(name(current(&kit, &at(Some("gone"), &[("one", State::Passed)]))), Some("two"));
    }

    #[test]
    fn after_the_last_the_skipped_ones_come_and_then_those_given_up() {
        let kit = sample::catalogue();
        let mut progress = at(Some("three"), &[("three", State::Passed), ("one", State::GaveUp)]);
        assert_eq!(name(current(&kit, &progress)), Some("two"));
        progress.entry("two").state = State::Passed;
        assert_eq!(name(current(&kit, &progress)), Some("one"));
        progress.entry("one").state = State::Passed;
        assert_eq!(name(current(&kit, &progress)), None);
    }

    #[test]
    fn giving_up_does_not_lead_back_to_the_same() {
        let kit = sample::catalogue();
        let progress = at(Some("one"), &[("one", State::GaveUp)]);
        assert_eq!(name(next(&kit, &progress, "one")), Some("two"));
        let all_else = [("one", State::GaveUp), ("two", State::Passed), ("three", State::Passed)];
        assert_eq!(next(&kit, &at(None, &all_else), "one"), None);
    }
}
