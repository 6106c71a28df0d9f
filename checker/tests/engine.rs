//! The engine on a real exercise of this kit: answers of every kind, in both
//! builds. Each test checks one file that it writes itself.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::{env, fs};

use asynclings::cancel::Cancel;
use asynclings::catalogue::Exercise;
use asynclings::check::{Event, Options, advice, check};
use asynclings::kit::Kit;
use asynclings::verdict::{Build, Level, Place, Source, Status, TestOutcome, Verdict};

const NAME: &str = "gather_fetch";
const BOTH: [Build; 2] = [Build::Module, Build::Crate];

fn kit() -> Kit {
    Kit::open(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()).unwrap()
}

fn exercise(kit: &Kit) -> &Exercise {
    kit.catalogue().get(NAME).unwrap()
}

fn solution() -> String {
    let kit = kit();
    fs::read_to_string(kit.solution(exercise(&kit))).unwrap()
}

/// The solution with one function's body replaced.
fn with_body(function: &str, body: &str) -> String {
    let text = solution();
    let start = text.find(&format!("fn {function}(")).unwrap();
    let open = start + text[start..].find("{\n").unwrap();
    let close = open + text[open..].find("\n}\n").unwrap();
    format!("{}{{\n    {body}{}", &text[..open], &text[close..])
}

/// The solution with something more at the beginning of one function.
fn with_begin(function: &str, begin: &str) -> String {
    let text = solution();
    let start = text.find(&format!("fn {function}(")).unwrap();
    let open = start + text[start..].find("{\n").unwrap() + 2;
    format!("{}    {begin}\n{}", &text[..open], &text[open..])
}

/// A file with this text, in a folder of its own.
struct Answer(tempfile::TempDir);

impl Answer {
    fn new(text: &str) -> Self {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        fs::write(folder.path().join("gather_fetch.rs"), text).unwrap();
        Answer(folder)
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("gather_fetch.rs")
    }
}

fn options(build: Build) -> Options {
    Options { build, cache: false, test_seconds: Some(60), ..Options::default() }
}

fn verdict(text: &str, options: &Options) -> Verdict {
    let kit = kit();
    check(&kit, exercise(&kit), &Answer::new(text).path(), options).unwrap()
}

/// The answer is refused in both builds alike: status and pitfall.
fn refused(text: &str, status: Status, pitfall: Option<&str>) -> Verdict {
    refused_within(60, text, status, pitfall)
}

fn refused_within(seconds: u64, text: &str, status: Status, pitfall: Option<&str>) -> Verdict {
    let options = |build| Options { test_seconds: Some(seconds), ..options(build) };
    let [module, own] = BOTH.map(|build| verdict(text, &options(build)));
    for verdict in [&module, &own] {
        let main = verdict.main.as_ref().expect("something must be told first");
        assert_eq!((verdict.status, main.pitfall.as_deref()), (status, pitfall), "{verdict:#?}");
    }
    module
}

#[test]
fn the_solution_passes_in_both_builds() {
    for build in BOTH {
        let verdict = verdict(&solution(), &options(build));
        assert_eq!(verdict.status, Status::Passed, "{verdict:#?}");
        assert_eq!(verdict.main, None);
        assert!(verdict.tests.len() > 2 && verdict.passed() == verdict.tests.len());
        let first_hidden = verdict.tests.iter().position(|t| t.hidden).unwrap();
        assert!(verdict.tests[first_hidden..].iter().all(|t| t.hidden), "visible ones come first");
    }
}

#[test]
fn the_stub_is_refused_for_its_reason() {
    let kit = kit();
    let exercise = exercise(&kit);
    let stub = asynclings::stubs::pristine(&kit, exercise).unwrap();
    let verdict = verdict(&String::from_utf8(stub).unwrap(), &options(Build::Module));
    assert!(!verdict.status.is_passed());
    assert_eq!(verdict.main.unwrap().pitfall.as_deref(), Some(exercise.stub.as_str()));
}

#[test]
fn an_error_in_the_answer_is_placed_there() {
    let text = with_body("gather", "let pages: u32 = \"a\"; Vec::new()");
    let verdict = refused(&text, Status::DoesNotCompile, None);
    let error = verdict.errors().next().unwrap();
    assert_eq!((error.place, error.code.as_deref()), (Place::Answer, Some("E0308")));
    let line = text.lines().position(|l| l.contains("pages: u32")).unwrap() + 1;
    assert_eq!(error.answer_line, Some(line as u32));
    assert!(error.file.as_deref().unwrap().ends_with("gather_fetch.rs"), "{:?}", error.file);
    assert!(error.rendered.contains("E0308") && !error.rendered.contains('\u{1b}'));
}

#[test]
fn a_syntax_error_is_no_more_than_an_error() {
    let verdict = refused("pub async fn gather( {", Status::DoesNotCompile, None);
    assert!(verdict.tests.is_empty());
}

#[test]
fn a_changed_signature_is_told_as_such() {
    let text = solution().replace(
        "pub async fn gather(reqs: &[(&str, Duration)])",
        "pub async fn gather(reqs: Vec<(&str, Duration)>)",
    );
    let verdict = refused(&text, Status::DoesNotCompile, None);
    let main = verdict.main.as_ref().unwrap();
    assert_eq!(main.source, Source::Compiler);
    let error = &verdict.compile[main.index.unwrap()];
    assert_eq!((error.place, error.level), (Place::Signature, Level::Error));
    let line = text.lines().position(|l| l.contains("fn gather(")).unwrap() + 1;
    assert_eq!(error.answer_line, Some(line as u32), "{error:#?}");
}

#[test]
fn a_pitfall_is_named_by_a_test_or_by_the_compiler() {
    let slow = with_body(
        "gather",
        "let mut all = Vec::new();\n    for (n, d) in reqs { all.push(fetch_data(n, *d).await); }\n    all",
    );
    let verdict = refused(&slow, Status::Failed, Some("sequential-awaits"));
    let told = verdict.main_test().unwrap();
    assert!(!told.hidden && told.record.as_ref().unwrap().diagnosis.is_some());

    let sync =
        with_body("gather", "let f = || fetch_data(\"a\", Duration::ZERO).await;\n    vec![f()]");
    refused(&sync, Status::DoesNotCompile, Some("await-in-sync"));
}

#[test]
fn unsafe_code_is_refused() {
    let text = format!("{}\n#[unsafe(no_mangle)]\npub extern \"C\" fn open() {{}}\n", solution());
    let verdict = refused(&text, Status::DoesNotCompile, None);
    assert_eq!(verdict.errors().next().unwrap().code.as_deref(), Some("unsafe_code"));
}

#[test]
fn what_is_not_written_yet_has_not_started() {
    let text = with_body("gather", "let _ = reqs;\n    todo!()")
        .replace("while let Some(page) = running.next().await {", "todo!();\n    #[allow(unreachable_code)]\n    while let Some(page) = running.next().await {");
    refused(&text, Status::NotStarted, None);
}

#[test]
fn a_panic_is_a_failure_with_its_place() {
    let text = with_body(
        "gather",
        "let none: Vec<String> = Vec::new();\n    vec![none[reqs.len()].clone()]",
    );
    let verdict = refused(&text, Status::Failed, None);
    let panic = verdict.main_test().unwrap().record.as_ref().unwrap().panic.clone().unwrap();
    let line = text.lines().position(|l| l.contains("none[reqs.len()]")).unwrap() + 1;
    assert!(panic.message.contains("out of bounds"), "{panic:?}");
    // The answer stands in a folder that may or may not be inside the kit.
    assert!(panic.location.unwrap().contains(&format!("gather_fetch.rs:{line}:")));
}

#[test]
fn an_early_exit_is_no_pass() {
    let text = with_body("gather", "let _ = reqs;\n    std::process::exit(0)");
    let verdict = refused(&text, Status::Crashed, None);
    assert_eq!(verdict.main_test().unwrap().outcome, TestOutcome::ExitedEarly);
}

#[test]
fn a_stack_overflow_is_a_crash() {
    let text = format!(
        "{}\n#[allow(unconditional_recursion)]\nfn deep(n: u64) -> u64 {{ [deep(n + 1); 9][n as usize % 9] }}\n",
        with_body("gather", "vec![deep(reqs.len() as u64).to_string()]"),
    );
    let verdict = refused(&text, Status::Crashed, None);
    assert_eq!(verdict.main_test().unwrap().outcome, TestOutcome::Crashed);
}

#[test]
fn an_endless_loop_is_ended_and_told() {
    // In one test; each of the others would burn its second as well.
    let name = "visible::gather_takes_as_long_as_the_longest_request";
    let text = with_begin(
        "gather",
        &format!(
            "if std::env::var(\"ASYNCLINGS_TEST\").is_ok_and(|test| test == {name:?}) {{\n        \
             loop {{ std::hint::spin_loop() }}\n    }}"
        ),
    );
    for build in BOTH {
        let options = Options { test_seconds: Some(1), ..options(build) };
        let verdict = verdict(&text, &options);
        assert_eq!(verdict.status, Status::Hung, "{verdict:#?}");
        let told = verdict.main_test().unwrap();
        assert_eq!((told.name.as_str(), told.outcome), (name, TestOutcome::Hung));
        assert_eq!(verdict.passed(), verdict.tests.len() - 1, "{verdict:#?}");
        let facts = &told.record.as_ref().unwrap().diagnosis.as_ref().unwrap().facts;
        assert_eq!(facts[0].key, "stuck-in-poll");
    }
}

#[test]
fn sleeping_on_the_thread_is_named() {
    let text = with_body(
        "fetch_data",
        "let _span = kit::span(name);\n    std::thread::sleep(delay);\n    tokio::task::yield_now().await;\n    format!(\"data of {name}\")",
    );
    // The visible tests sleep for six seconds in truth, the hidden ones for hours.
    refused_within(20, &text, Status::Failed, Some("blocking-sleep"));
}

#[test]
fn what_is_known_is_not_checked_again() {
    let kit = kit();
    let compiled = Arc::new(AtomicUsize::new(0));
    let counter = compiled.clone();
    let options = Options {
        cache: true,
        on_event: Arc::new(move |event| {
            if matches!(event, Event::Compiling) {
                counter.fetch_add(1, Ordering::Relaxed);
            }
        }),
        ..options(Build::Module)
    };
    // Nobody has ever checked this one: the folder's name is in it.
    let answer = Answer::new("");
    let text = format!("// {}\n{}", answer.path().display(), solution());
    fs::write(answer.path(), &text).unwrap();
    let run = || check(&kit, exercise(&kit), &answer.path(), &options).unwrap();
    let (first, second) = (run(), run());
    assert_eq!((first.cached, second.cached), (false, true));
    assert_eq!((first.status, &first.tests), (second.status, &second.tests));
    assert_eq!(compiled.load(Ordering::Relaxed), 1);

    // Content counts, and nothing else: an old date on new content is new.
    let date = fs::metadata(answer.path()).unwrap().modified().unwrap();
    fs::write(answer.path(), text.replace("running", "pending")).unwrap();
    fs::File::options().write(true).open(answer.path()).unwrap().set_modified(date).unwrap();
    assert!(!run().cached);
    fs::write(answer.path(), text).unwrap();
    assert!(run().cached, "back to what was known");
}

#[test]
fn what_is_saved_during_a_check_is_what_is_judged() {
    let kit = kit();
    let answer = Answer::new("");
    // Nobody has ever checked these: the folder's name is in them.
    let own = |text: &str| format!("// {}\n{text}", answer.path().display());
    let wrong = own(&with_body("gather", "let _ = reqs;\n    Vec::new()"));
    let right = own(&solution());
    fs::write(answer.path(), &wrong).unwrap();
    let (path, saves) = (answer.path(), AtomicUsize::new(0));
    let to_save = right.clone();
    let options = Options {
        cache: true,
        on_event: Arc::new(move |event| {
            let begins = matches!(event, Event::Compiling);
            if begins && saves.fetch_add(1, Ordering::Relaxed) == 0 {
                fs::write(&path, &to_save).unwrap();
            }
        }),
        ..options(Build::Module)
    };
    let check = || check(&kit, exercise(&kit), &answer.path(), &options).unwrap();
    assert_eq!(check().status, Status::Passed);
    fs::write(answer.path(), &wrong).unwrap();
    let before = check();
    assert_eq!((before.status, before.cached), (Status::Failed, false));
    fs::write(answer.path(), &right).unwrap();
    assert!(check().cached);
}

#[test]
fn events_come_in_order_and_each_test_once() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let list = told.clone();
    let options = Options {
        on_event: Arc::new(move |event| {
            let line = match event {
                Event::Compiling => "compiling".to_owned(),
                Event::Compiled(messages) => format!("compiled, {} messages", messages.len()),
                Event::Testing(count) => format!("testing {count}"),
                Event::TestDone(test) => format!("test {}", test.name),
                _ => return,
            };
            list.lock().unwrap().push(line);
        }),
        ..options(Build::Module)
    };
    let verdict = verdict(&solution(), &options);
    let told = told.lock().unwrap();
    let count = verdict.tests.len();
    assert_eq!(told[..3], ["compiling", "compiled, 0 messages", &format!("testing {count}")]);
    let mut tests: Vec<&str> = told[3..].iter().filter_map(|l| l.strip_prefix("test ")).collect();
    tests.sort_unstable();
    let mut wanted: Vec<&str> = verdict.tests.iter().map(|t| t.name.as_str()).collect();
    wanted.sort_unstable();
    assert_eq!(tests, wanted);
}

#[test]
fn cancelling_stops_a_check_that_never_would() {
    let cancel = Cancel::new();
    let stop = cancel.clone();
    // Stopped from within: at the moment when the tests begin.
    let options = Options {
        cancel,
        on_event: Arc::new(move |event| {
            if matches!(event, Event::Testing(_)) {
                stop.cancel();
            }
        }),
        ..options(Build::Module)
    };
    let text = with_body("gather", "let _ = reqs;\n    loop { std::hint::spin_loop() }");
    let verdict = verdict(&text, &options);
    assert_eq!(verdict.status, Status::Cancelled);
    assert!(verdict.tests.iter().all(|t| t.outcome == TestOutcome::NotRun));
}

#[test]
fn an_answer_that_is_not_there_is_a_problem() {
    let kit = kit();
    let missing = Path::new("/no/such/answer.rs");
    let problem = check(&kit, exercise(&kit), missing, &options(Build::Module)).unwrap_err();
    assert_eq!(problem.key(), "cannot-read");
    assert!(problem.to_string().contains("/no/such/answer.rs"));
}

#[test]
fn advice_is_given_after_the_verdict_and_only_where_there_is_reason() {
    let held = with_body(
        "fetch_data",
        "let lock = std::sync::Mutex::new(());\n    let _guard = lock.lock().unwrap();\n    \
         sleep(delay).await;\n    format!(\"data of {name}\")",
    );
    let kit = kit();
    let asked = |text: &str| {
        let answer = Answer::new(text);
        advice(&kit, exercise(&kit), &answer.path(), &options(Build::Module)).unwrap()
    };
    let told = asked(&held);
    assert_eq!(told.len(), 1, "{told:#?}");
    assert_eq!(told[0].code.as_deref(), Some("clippy::await_holding_lock"));
    assert_eq!(told[0].pitfall.as_deref(), Some("guard-across-await"));
    assert_eq!(told[0].place, Place::Answer);
    assert!(asked(&solution()).is_empty());
}

#[test]
fn a_verdict_survives_json() {
    let verdict = verdict("pub fn gather() {}", &options(Build::Module));
    let json = serde_json::to_string(&verdict).unwrap();
    assert_eq!(serde_json::from_str::<Verdict>(&json).unwrap(), verdict);
}
