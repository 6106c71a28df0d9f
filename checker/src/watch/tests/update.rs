//! What messages and keys change.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::super::message::{Change, Cmd, Msg, News};
use super::super::model::{Advice, Ask, Extent, Outcome, Phase, Screen};
use super::super::update::{begin, update};
use super::{begun, news, passed, press, typed, verdict};
use crate::commands::exit::Exit;
use crate::commands::page::Page;
use crate::commands::sample;
use crate::problem::Problem;
use crate::progress::{Progress, State};
use crate::text::word;

fn check(id: u64, exercise: usize) -> Cmd {
    Cmd::Check { id, exercise, fresh: false }
}

#[test]
fn it_begins_where_the_learner_is_and_looks_before_it_checks() {
    let (_folder, kit) = sample::kit();
    let mut model = super::Model::new(&kit, passed(&["one"]));
    let todo = begin(&mut model);
    let at = Change::At("two".to_owned());
    assert_eq!(todo, [Cmd::Record(at), Cmd::Watch(1), check(1, 1)]);
}

#[test]
fn a_save_during_a_check_begins_a_new_one_and_the_old_one_says_no_more() {
    let mut model = begun(Progress::default());
    news(&mut model, News::Compiling);
    assert_eq!(update(&mut model, Msg::Changed), [check(2, 0)]);
    let stale = News::Verdict(Box::new(Ok(sample::passed("one"))));
    assert!(update(&mut model, Msg::Check(1, stale)).is_empty());
    assert_eq!(model.outcome, Outcome::Nothing);
    assert!(model.run.is_some(), "the newest is still being checked");
    verdict(&mut model, sample::failed("one"));
    assert!(model.run.is_none() && model.verdict().is_some());
}

#[test]
fn a_save_while_dependencies_are_built_waits_for_them_and_is_not_lost() {
    let mut model = begun(Progress::default());
    news(&mut model, News::Building);
    assert!(update(&mut model, Msg::Changed).is_empty(), "cargo is not stopped");
    assert!(typed(&mut model, "r").is_empty());
    assert!(update(&mut model, Msg::Changed).is_empty());
    assert_eq!(news(&mut model, News::Compiling), [check(2, 0)]);
    assert!(news(&mut model, News::Compiling).is_empty());
}

#[test]
fn going_elsewhere_while_dependencies_are_built_checks_that_afterwards() {
    let mut model = begun(passed(&["one"]));
    news(&mut model, News::Building);
    let todo = typed(&mut model, "p");
    assert_eq!(todo, [Cmd::Record(Change::At("one".to_owned())), Cmd::Watch(0)]);
    assert_eq!(news(&mut model, News::Compiling), [check(2, 0)]);
}

#[test]
fn dependencies_that_do_not_build_are_a_problem_not_a_loop() {
    let mut model = begun(Progress::default());
    news(&mut model, News::Building);
    update(&mut model, Msg::Changed);
    let failed = || News::Verdict(Box::new(Err(Problem::new("toolbox-failed"))));
    assert_eq!(news(&mut model, failed()), [check(2, 0)], "for what was saved meanwhile");
    news(&mut model, News::Building);
    news(&mut model, News::Cargo("error: no space".to_owned()));
    assert!(news(&mut model, failed()).is_empty());
    let Outcome::Problem(page) = &model.outcome else { panic!("{:?}", model.outcome) };
    let text = format!("{page:?}");
    assert!(text.contains("error: no space") && text.contains("could not be built"), "{text}");
    assert_eq!(typed(&mut model, "r").len(), 1, "one may try again");
}

#[test]
fn verdicts_are_remembered_and_repetitions_known_as_such() {
    let mut model = begun(Progress::default());
    let failed = sample::failed("one");
    let todo = verdict(&mut model, failed.clone());
    assert_eq!(todo, [Cmd::Record(Change::Verdict(Box::new(failed.clone()), false))]);
    assert_eq!(typed(&mut model, "r"), [Cmd::Check { id: 2, exercise: 0, fresh: true }]);
    let todo = verdict(&mut model, failed.clone());
    assert_eq!(todo, [Cmd::Record(Change::Verdict(Box::new(failed), true))]);
    assert_eq!(model.progress.of("one").attempts, 1);
}

#[test]
fn next_is_offered_only_when_it_is_earned() {
    let mut model = begun(Progress::default());
    verdict(&mut model, sample::failed("one"));
    assert!(typed(&mut model, "n").is_empty());
    assert!(model.notice.is_some());
    update(&mut model, Msg::Changed);
    verdict(&mut model, sample::passed("one"));
    let todo = typed(&mut model, "n");
    assert_eq!(todo[1..], [Cmd::Watch(1), check(3, 1)]);
    assert_eq!(model.subject().name(), "two");
    assert!(model.verdict().is_none(), "nothing is said of it yet");
}

#[test]
fn after_the_last_there_is_nothing_more_to_do() {
    let mut model = begun(passed(&["one", "two", "three"]));
    assert_eq!(model.subject().name(), "three", "the last one stays on the screen");
    assert!(typed(&mut model, "n").is_empty());
    assert!(model.notice.is_some());
}

#[test]
fn an_edition_without_solutions_does_not_offer_them() {
    let mut model = begun(Progress::default());
    model.has_solutions = false;
    assert_eq!(typed(&mut model, "s"), []);
    assert_eq!(model.ask, None);
    let notice = model.notice.as_ref().map(|notice| notice.text.as_str());
    assert_eq!(notice, Some(word("watch-no-solutions")));
}

#[test]
fn each_press_gives_one_hint_more_but_reading_again_costs_nothing() {
    let mut model = begun(Progress::default());
    let hints = |count| Cmd::Record(Change::Hints("one".to_owned(), count));
    assert_eq!(typed(&mut model, "h"), [hints(1)]);
    assert_eq!(typed(&mut model, "h"), [hints(2)]);
    press(&mut model, KeyCode::Esc);
    assert!(typed(&mut model, "h").is_empty(), "what was seen is shown again");
    assert_eq!(model.screen, Screen::Hint);
    assert_eq!(typed(&mut model, "h"), [hints(3)]);
    assert!(typed(&mut model, "h").is_empty());
    assert_eq!(model.hints_seen(), 3);
}

#[test]
fn the_solution_asks_first_and_giving_up_is_remembered_only_when_it_is_shown() {
    let mut model = begun(Progress::default());
    assert!(typed(&mut model, "s").is_empty());
    assert_eq!(model.ask, Some(Ask::Solution));
    assert!(typed(&mut model, "n").is_empty());
    assert_eq!(model.progress.of("one").state, State::Open);
    assert_eq!(typed(&mut model, "sy"), [Cmd::Difference(0)]);
    let missing = Problem::new("no-solution").with("exercise", "one");
    assert!(update(&mut model, Msg::Difference(0, Err(missing))).is_empty());
    assert_eq!(model.progress.of("one").state, State::Open);
    assert!(model.notice.as_ref().is_some_and(|n| n.text.contains("no solutions")));
    update(&mut model, Msg::Difference(0, Ok(Page::new())));
    assert_eq!(model.progress.of("one").state, State::GaveUp);
    assert!(model.may_go_on(), "giving up is no dead end");
    assert!(typed(&mut model, "s").is_empty(), "the same key closes it");
    assert_eq!(typed(&mut model, "s"), [Cmd::Difference(0)], "asked once is enough");
}

#[test]
fn a_difference_that_comes_too_late_is_not_shown() {
    let mut model = begun(passed(&["one"]));
    assert_eq!(typed(&mut model, "p").len(), 3);
    assert!(update(&mut model, Msg::Difference(1, Ok(Page::new()))).is_empty());
    assert_eq!(model.screen, Screen::Verdict);
}

#[test]
fn reset_asks_in_place_and_anything_but_yes_is_no() {
    let mut model = begun(passed(&["one", "two"]));
    for no in ["xn", "xq", "xx"] {
        assert!(typed(&mut model, no).is_empty(), "{no}");
        assert_eq!(model.ask, None);
    }
    assert_eq!(typed(&mut model, "xy"), [Cmd::Reset(2)]);
    let todo = update(&mut model, Msg::Reset(Ok("done".to_owned())));
    assert_eq!(todo, [Cmd::Record(Change::Reopened("three".to_owned()))]);
    update(&mut model, Msg::Changed);
    assert_eq!(
        model.notice.as_ref().map(|n| n.text.as_str()),
        Some("done"),
        "it says where the backup is"
    );
    press(&mut model, KeyCode::Esc);
    assert_eq!(model.notice, None);
}

#[test]
fn a_save_shows_the_verdict_whatever_was_open() {
    let mut model = begun(Progress::default());
    for keys in ["h", "l", "?", "x"] {
        typed(&mut model, keys);
        update(&mut model, Msg::Changed);
        assert_eq!((&model.screen, model.ask), (&Screen::Verdict, None));
    }
}

#[test]
fn the_list_leads_to_any_exercise() {
    let mut model = begun(Progress::default());
    typed(&mut model, "l");
    press(&mut model, KeyCode::Down);
    typed(&mut model, "jjjj");
    assert_eq!(model.screen, Screen::List(2), "no further than the last");
    typed(&mut model, "k");
    let todo = press(&mut model, KeyCode::Enter);
    assert_eq!(todo[1..], [Cmd::Watch(1), check(2, 1)]);
    typed(&mut model, "l");
    press(&mut model, KeyCode::Esc);
    assert_eq!(model.screen, Screen::Verdict);
}

#[test]
fn explain_opens_the_named_pitfall_and_says_if_there_is_none() {
    let mut model = begun(Progress::default());
    verdict(&mut model, sample::failed("one"));
    typed(&mut model, "e");
    assert_eq!(model.screen, Screen::Verdict);
    assert!(model.notice.is_some());
    verdict_with_pitfall(&mut model);
    typed(&mut model, "e");
    assert_eq!(model.screen, Screen::Explain("sequential-awaits".to_owned()));
    typed(&mut model, "e");
    assert_eq!(model.screen, Screen::Verdict);
}

fn verdict_with_pitfall(model: &mut super::Model) {
    update(model, Msg::Changed);
    verdict(model, sample::sequential("one"));
}

#[test]
fn scrolling_stays_within_what_there_is() {
    let mut model = begun(Progress::default());
    model.drawn(Extent { lines: 30, height: 10 });
    typed(&mut model, "k");
    assert_eq!(model.scroll, 0);
    press(&mut model, KeyCode::PageDown);
    typed(&mut model, "j");
    assert_eq!(model.scroll, 10);
    press(&mut model, KeyCode::End);
    typed(&mut model, "j ");
    assert_eq!(model.scroll, 20);
    model.drawn(Extent { lines: 12, height: 10 });
    assert_eq!(model.scroll, 2, "a larger window shows more");
    press(&mut model, KeyCode::Home);
    assert_eq!(model.scroll, 0);
}

#[test]
fn tests_are_counted_as_they_end() {
    let mut model = begun(Progress::default());
    news(&mut model, News::Testing(3));
    news(&mut model, News::TestDone);
    news(&mut model, News::TestDone);
    let phase = model.run.as_ref().map(|r| r.phase.clone());
    assert_eq!(phase, Some(Phase::Testing { done: 2, all: 3 }));
    (0..25).for_each(|_| drop(update(&mut model, Msg::Tick)));
    assert_eq!(model.run.as_ref().map(|r| r.ticks), Some(25));
}

#[test]
fn advice_comes_after_the_verdict_and_only_for_it() {
    let mut model = begun(Progress::default());
    verdict(&mut model, sample::failed("one"));
    assert_eq!(model.advice, Advice::Coming);
    update(&mut model, Msg::Changed);
    update(&mut model, Msg::Check(1, News::Advice(Vec::new())));
    assert_eq!(model.advice, Advice::Coming, "it was of the content before");
    verdict(&mut model, sample::failed("one"));
    news(&mut model, News::Advice(Vec::new()));
    assert_eq!(model.advice, Advice::Here(Vec::new()));
}

#[test]
fn everybody_who_wants_out_gets_out() {
    let mut model = begun(Progress::default());
    assert_eq!(typed(&mut model, "q"), [Cmd::Quit(Exit::Done)]);
    assert_eq!(typed(&mut model, "lq"), [Cmd::Quit(Exit::Done)]);
    typed(&mut model, "x");
    let control_c = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
    assert_eq!(update(&mut model, Msg::Key(control_c)), [Cmd::Quit(Exit::Done)]);
    assert_eq!(update(&mut model, Msg::Stop), [Cmd::Quit(Exit::Stopped)]);
}

#[test]
fn no_key_breaks_anything_in_any_state() {
    let keys = "hlrnpetsxy?jkgG q数";
    let mut begun = begun(Progress::default());
    verdict(&mut begun, sample::sequential("one"));
    for first in keys.chars() {
        for second in keys.chars() {
            let mut model = begun.clone();
            typed(&mut model, &format!("{first}{second}"));
            press(&mut model, KeyCode::Enter);
            press(&mut model, KeyCode::PageUp);
        }
    }
}
