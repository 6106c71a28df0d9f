//! What the screen looks like.

use crossterm::event::KeyCode;
use insta::assert_snapshot;
use ratatui::backend::TestBackend;
use ratatui::style::Color;
use ratatui::terminal::Terminal;

use super::super::message::{Msg, News};
use super::super::model::Model;
use super::super::update::update;
use super::super::view::{Look, draw};
use super::{begun, news, passed, press, typed, verdict};
use crate::commands::{sample, solution};
use crate::progress::{Progress, State};
use crate::verdict::{CompileMessage, Level, MainDiagnosis, Place, Source, Status, Verdict};

fn screen(model: &mut Model, width: u16, height: u16) -> String {
    drawn(model, width, height).backend().to_string()
}

fn drawn(model: &mut Model, width: u16, height: u16) -> Terminal<TestBackend> {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| model.drawn(draw(frame, model, Look { colour: true }).extent)).unwrap();
    terminal
}

#[test]
fn the_first_build() {
    let mut model = begun(Progress::default());
    news(&mut model, News::Building);
    for line in ["   Compiling tokio v1.54.1", "   Compiling futures v0.3.34"] {
        news(&mut model, News::Cargo(line.to_owned()));
    }
    (0..123).for_each(|_| drop(update(&mut model, Msg::Tick)));
    assert_snapshot!(screen(&mut model, 80, 24));
}

#[test]
fn a_wrong_answer() {
    let mut model = begun(passed(&["two"]));
    verdict(&mut model, sample::sequential("one"));
    assert_snapshot!(screen(&mut model, 80, 24));
}

#[test]
fn a_wrong_answer_on_a_narrow_screen() {
    let mut model = begun(passed(&["two"]));
    verdict(&mut model, sample::sequential("one"));
    assert_snapshot!(screen(&mut model, 40, 16));
}

#[test]
fn the_same_while_the_next_one_is_tested() {
    let mut model = begun(Progress::default());
    verdict(&mut model, sample::sequential("one"));
    update(&mut model, Msg::Changed);
    news(&mut model, News::Testing(8));
    news(&mut model, News::TestDone);
    assert_snapshot!(screen(&mut model, 80, 24));
}

#[test]
fn a_right_answer() {
    let mut model = begun(Progress::default());
    verdict(&mut model, sample::passed("one"));
    news(&mut model, News::Advice(vec![message(Level::Warning)]));
    assert_snapshot!(screen(&mut model, 80, 24));
}

fn message(level: Level) -> CompileMessage {
    let rendered = "error[E0728]: `await` is only allowed inside `async` functions and blocks\n \
        --> exercises/01_first/one.rs:2:17\n  |\n2 |     sleep(delay).await;\n  |                 ^^^^^";
    CompileMessage {
        level,
        code: Some("E0728".to_owned()),
        message: "`await` is only allowed inside `async` functions and blocks".to_owned(),
        place: Place::Answer,
        file: Some("exercises/01_first/one.rs".to_owned()),
        line: Some(2),
        column: Some(17),
        answer_line: Some(2),
        pitfall: Some("await-in-sync".to_owned()),
        rendered: rendered.to_owned(),
        ansi: rendered.replacen("error[E0728]", "\u{1b}[1m\u{1b}[31merror[E0728]\u{1b}[0m", 1),
    }
}

#[test]
fn an_answer_that_does_not_compile() {
    let mut model = begun(Progress::default());
    let main = MainDiagnosis {
        source: Source::Compiler,
        pitfall: Some("await-in-sync".to_owned()),
        stage: None,
        test: None,
        index: Some(0),
    };
    verdict(
        &mut model,
        Verdict {
            status: Status::DoesNotCompile,
            compile: vec![message(Level::Error)],
            tests: Vec::new(),
            main: Some(main),
            ..sample::passed("one")
        },
    );
    assert_snapshot!(screen(&mut model, 80, 24));
}

#[test]
fn hints() {
    let mut model = begun(Progress::default());
    typed(&mut model, "hh");
    assert_snapshot!(screen(&mut model, 80, 24));
}

#[test]
fn the_list() {
    let mut progress = passed(&["one"]);
    progress.entry("two").state = State::GaveUp;
    let mut model = begun(progress);
    typed(&mut model, "lk");
    assert_snapshot!(screen(&mut model, 80, 24));
}

#[test]
fn a_list_that_does_not_fit() {
    let mut model = begun(Progress::default());
    typed(&mut model, "ljj");
    assert_snapshot!(screen(&mut model, 50, 9));
}

#[test]
fn events() {
    let mut model = begun(Progress::default());
    verdict(&mut model, sample::sequential("one"));
    typed(&mut model, "t");
    assert_snapshot!(screen(&mut model, 80, 30));
}

#[test]
fn the_solution() {
    let (_folder, kit) = sample::kit();
    let mut model = begun(Progress::default());
    let one = kit.catalogue().get("one").unwrap();
    update(&mut model, Msg::Difference(0, solution::page(&kit, one)));
    assert_snapshot!(screen(&mut model, 80, 24));
}

#[test]
fn help() {
    let mut model = begun(Progress::default());
    typed(&mut model, "?");
    assert_snapshot!(screen(&mut model, 80, 30));
}

#[test]
fn a_question_and_a_long_notice() {
    let mut model = begun(Progress::default());
    verdict(&mut model, sample::failed("one"));
    typed(&mut model, "x");
    assert_snapshot!("a_question", screen(&mut model, 80, 24));
    press(&mut model, KeyCode::Esc);
    model.say("one is back. ".repeat(9));
    assert_snapshot!("a_long_notice", screen(&mut model, 80, 24));
}

#[test]
fn chinese_text_is_as_wide_as_it_is() {
    let mut model = begun(Progress::default());
    let text = model.subjects[0].text.as_mut().unwrap();
    text.title = "同时发出三个请求".to_owned();
    text.goal = "让所有请求同时进行：gather 按请求的顺序返回结果，as_completed 在每个结果到达的时刻报告它。".to_owned();
    verdict(&mut model, sample::sequential("one"));
    assert_snapshot!(screen(&mut model, 60, 24));
}

#[test]
fn no_size_is_too_small() {
    let states: [fn(&mut Model); 6] = [
        |_| {},
        |model| drop(typed(model, "l")),
        |model| drop(typed(model, "hh")),
        |model| drop(typed(model, "t")),
        |model| drop(typed(model, "e")),
        |model| drop(typed(model, "x")),
    ];
    for state in states {
        let mut model = begun(Progress::default());
        verdict(&mut model, sample::sequential("one"));
        state(&mut model);
        for width in [0, 1, 2, 3, 5, 8, 13, 21, 34, 79, 200] {
            for height in (0..9).chain([12, 17, 21, 30, 100]) {
                drawn(&mut model, width, height);
            }
        }
    }
}

#[test]
fn without_colours_nothing_is_coloured() {
    let mut model = begun(passed(&["two"]));
    verdict(&mut model, sample::sequential("one"));
    for colour in [false, true] {
        let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
        terminal.draw(|frame| drop(draw(frame, &model, Look { colour }))).unwrap();
        let plain = terminal.backend().buffer().content.iter().all(|cell| cell.fg == Color::Reset);
        assert_eq!(plain, !colour);
    }
}
