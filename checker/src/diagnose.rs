//! What to tell first, of all that went wrong.

use record::{Stage, pitfall};

use crate::verdict::{
    CaseResult, CompileMessage, Level, MainDiagnosis, Place, Source, Status, TestOutcome,
    TestResult,
};

/// The main diagnosis of an answer that did not compile.
///
/// Errors in the answer come first, those that give away a pitfall before the
/// others; then type gates; then signatures. What is none of these is told
/// only if there is nothing else.
pub(crate) fn of_messages(messages: &[CompileMessage]) -> Option<MainDiagnosis> {
    let rank = |m: &CompileMessage| match (m.place, &m.pitfall) {
        (Place::Answer, Some(_)) => 0,
        (Place::Answer, None) => 1,
        (Place::Gate, _) => 2,
        (Place::Signature, _) => 3,
        (Place::Case | Place::Elsewhere, _) => 4,
    };
    let errors = messages.iter().enumerate().filter(|(_, m)| m.level == Level::Error);
    let (index, message) = errors.min_by_key(|(_, m)| rank(m))?;
    let stage = match message.place {
        Place::Gate => Some(Stage::TypeGate),
        _ => message.pitfall.as_deref().and_then(stage_of),
    };
    Some(MainDiagnosis {
        source: Source::Compiler,
        pitfall: message.pitfall.clone(),
        stage,
        test: None,
        index: Some(index),
    })
}

/// The main diagnosis of an answer some of whose tests failed; None if all
/// passed. The tests are in the order of their files.
pub(crate) fn of_tests(tests: &[TestResult]) -> Option<MainDiagnosis> {
    let failed = tests.iter().filter(|t| t.outcome != TestOutcome::Passed);
    // The first of the least: order in the files decides between equals.
    let test = failed.min_by_key(|t| rank(t))?;
    let pitfall = test.pitfall().map(str::to_owned);
    let ended =
        matches!(test.outcome, TestOutcome::Hung | TestOutcome::Crashed | TestOutcome::ExitedEarly);
    let stage = match &pitfall {
        Some(id) => stage_of(id),
        None => ended.then_some(Stage::Watchdog),
    };
    Some(MainDiagnosis {
        source: Source::Test,
        pitfall,
        stage,
        test: Some(test.name.clone()),
        index: None,
    })
}

/// A future that was thrown away looks the same to a test, whether it was
/// forgotten in a statement of its own or dropped by `let _`. The compiler
/// warns of the first and is silent on the second; where it has warned, the
/// failures are told as what it saw.
pub(crate) fn ask_the_compiler(tests: &mut [TestResult], messages: &[CompileMessage]) {
    const FORGOTTEN: &str = "lazy-never-awaited";
    const THROWN_AWAY: &str = "let-underscore-future";
    let mut warnings = messages.iter().filter(|m| m.place == Place::Answer);
    if !warnings.any(|m| m.pitfall.as_deref() == Some(FORGOTTEN)) {
        return;
    }
    for record in tests.iter_mut().filter_map(|t| t.record.as_mut()) {
        let pitfall = record.diagnosis.as_mut().and_then(|d| d.pitfall.as_mut());
        if let Some(pitfall) = pitfall.filter(|p| *p == THROWN_AWAY) {
            FORGOTTEN.clone_into(pitfall);
        }
    }
}

/// The order in which failures are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// A pitfall, by its stage; one that the catalogue lacks comes last.
    Pitfall(Option<Stage>, bool),
    /// Wrong in a way without a name.
    Plain,
    /// It had to be ended, or ended itself.
    Ended,
    /// Not written yet: told only if all that is written is right.
    Todo,
    /// Nothing is known of it.
    NotRun,
}

fn rank(test: &TestResult) -> Rank {
    match (test.pitfall(), test.outcome) {
        (_, TestOutcome::NotRun) => Rank::NotRun,
        (Some(id), _) => {
            let stage = stage_of(id);
            // `None` sorts before `Some`; unknown pitfalls belong at the end.
            Rank::Pitfall(Some(stage.unwrap_or(Stage::Watchdog)), stage.is_none())
        }
        (None, TestOutcome::Hung | TestOutcome::Crashed | TestOutcome::ExitedEarly) => Rank::Ended,
        (None, _) if test.is_todo() => Rank::Todo,
        (None, _) => Rank::Plain,
    }
}

fn stage_of(id: &str) -> Option<Stage> {
    pitfall::get(id).map(|p| p.stage)
}

/// The main diagnosis of an answer that lets some misuse compile.
pub(crate) fn of_misuse(cases: &[CaseResult]) -> Option<MainDiagnosis> {
    let (index, case) = cases.iter().enumerate().find(|(_, c)| !c.holds)?;
    Some(MainDiagnosis {
        source: Source::Misuse,
        // Another error than the marked one is no proof of the pitfall.
        pitfall: case.pitfall.clone().filter(|_| case.compiled),
        stage: Some(Stage::TypeGate),
        test: None,
        index: Some(index),
    })
}

/// The verdict in one word, for tests that were run.
pub(crate) fn status_of_tests(tests: &[TestResult], main: Option<&MainDiagnosis>) -> Status {
    let Some(main) = main else { return Status::Passed };
    let begun = tests.iter().any(|t| t.outcome == TestOutcome::Passed);
    let told = tests.iter().find(|t| Some(&t.name) == main.test.as_ref());
    match told {
        Some(test) if test.is_todo() && !begun => Status::NotStarted,
        Some(test) => match test.outcome {
            TestOutcome::Hung => Status::Hung,
            TestOutcome::Crashed | TestOutcome::ExitedEarly => Status::Crashed,
            _ => Status::Failed,
        },
        None => Status::Failed,
    }
}

#[cfg(test)]
mod tests {
    use record::{Diagnosis, Outcome, Panic, Record};

    use super::*;
    use crate::verdict::tests::test;

    fn message(place: Place, pitfall: Option<&str>) -> CompileMessage {
        CompileMessage {
            level: Level::Error,
            code: None,
            message: String::new(),
            place,
            file: None,
            line: None,
            column: None,
            answer_line: None,
            pitfall: pitfall.map(str::to_owned),
            rendered: String::new(),
            ansi: String::new(),
        }
    }

    fn failed(name: &str, diagnosis: Option<Diagnosis>, panic: Option<&str>) -> TestResult {
        let record = Record {
            version: record::VERSION,
            test: name.into(),
            outcome: Outcome::Failed,
            diagnosis,
            panic: panic.map(|m| Panic { message: m.into(), location: None }),
            end_us: 0,
            events: Vec::new(),
            omitted: 0,
        };
        TestResult { record: Some(record), ..test(name, TestOutcome::Failed) }
    }

    fn blamed(name: &str, pitfall: &str) -> TestResult {
        let diagnosis = Diagnosis { pitfall: Some(pitfall.into()), ..Diagnosis::default() };
        failed(name, Some(diagnosis), None)
    }

    fn todo(name: &str) -> TestResult {
        failed(name, None, Some("not yet implemented"))
    }

    /// The test that is told, and the verdict in a word.
    fn told(tests: &[TestResult]) -> (String, Status) {
        let main = of_tests(tests);
        let status = status_of_tests(tests, main.as_ref());
        (main.and_then(|m| m.test).unwrap_or_default(), status)
    }

    #[test]
    fn the_earliest_stage_is_told_and_then_the_first_test() {
        // sequential-awaits shows in the schedule, busy-wake by polls.
        let tests = [
            failed("a", Some(Diagnosis::default()), None),
            blamed("b", "sequential-awaits"),
            blamed("c", "busy-wake"),
            blamed("d", "busy-wake"),
            test("e", TestOutcome::Hung),
        ];
        assert_eq!(told(&tests), ("c".into(), Status::Failed));
        assert_eq!(told(&tests[..2]), ("b".into(), Status::Failed));
        assert_eq!(told(&tests[..1]), ("a".into(), Status::Failed));
        assert_eq!(of_tests(&tests).unwrap().stage, Some(Stage::PollContract));
    }

    #[test]
    fn a_warning_tells_a_forgotten_future_from_one_thrown_away() {
        let named = |messages: &[CompileMessage]| {
            let mut tests = [blamed("a", "let-underscore-future"), blamed("b", "busy-wake")];
            ask_the_compiler(&mut tests, messages);
            tests.map(|t| t.pitfall().unwrap_or_default().to_owned())
        };
        let forgotten = message(Place::Answer, Some("lazy-never-awaited"));
        let elsewhere = message(Place::Elsewhere, Some("lazy-never-awaited"));
        assert_eq!(named(&[]), ["let-underscore-future", "busy-wake"]);
        assert_eq!(named(&[elsewhere]), ["let-underscore-future", "busy-wake"]);
        assert_eq!(named(&[forgotten]), ["lazy-never-awaited", "busy-wake"]);
    }

    #[test]
    fn what_ended_without_a_record_is_the_watchdogs() {
        for (outcome, status) in [
            (TestOutcome::Hung, Status::Hung),
            (TestOutcome::Crashed, Status::Crashed),
            (TestOutcome::ExitedEarly, Status::Crashed),
        ] {
            let tests = [test("a", TestOutcome::Passed), test("b", outcome), todo("c")];
            assert_eq!(told(&tests), ("b".into(), status));
            assert_eq!(of_tests(&tests).unwrap().stage, Some(Stage::Watchdog));
        }
    }

    #[test]
    fn only_who_has_nothing_done_has_not_started() {
        assert_eq!(told(&[todo("a"), todo("b")]).1, Status::NotStarted);
        let one_done = [test("a", TestOutcome::Passed), todo("b")];
        assert_eq!(told(&one_done), ("b".into(), Status::Failed));
        let one_wrong = [todo("a"), failed("b", None, Some("index out of bounds"))];
        assert_eq!(told(&one_wrong), ("b".into(), Status::Failed));
        assert_eq!(told(&[test("a", TestOutcome::Passed)]), (String::new(), Status::Passed));
    }

    #[test]
    fn an_error_in_the_answer_comes_before_those_it_causes() {
        let messages = [
            message(Place::Signature, None),
            message(Place::Gate, Some("non-send-across-await")),
            message(Place::Answer, None),
            message(Place::Answer, Some("await-in-sync")),
        ];
        let main = |count: usize| of_messages(&messages[..count]).unwrap();
        assert_eq!(main(4).pitfall.as_deref(), Some("await-in-sync"));
        assert_eq!((main(3).index, main(3).pitfall), (Some(2), None));
        assert_eq!((main(2).index, main(2).stage), (Some(1), Some(Stage::TypeGate)));
        assert_eq!(main(1).index, Some(0));
        let warning = CompileMessage { level: Level::Warning, ..messages[3].clone() };
        assert_eq!(of_messages(&[warning]), None);
    }
}
