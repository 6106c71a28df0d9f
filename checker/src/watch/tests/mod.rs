//! The watch without threads, time or terminal.

mod update;
mod view;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::message::{Cmd, Msg, News};
use super::model::Model;
use super::update::{begin, update};
use crate::commands::sample;
use crate::progress::{Progress, State};
use crate::verdict::Verdict;

/// A watch of the sample kit, as it has just begun.
fn begun(progress: Progress) -> Model {
    let (_folder, kit) = sample::kit();
    let mut model = Model::new(&kit, progress);
    begin(&mut model);
    model
}

/// Progress in which these exercises have passed.
fn passed(names: &[&str]) -> Progress {
    let mut progress = Progress::default();
    names.iter().for_each(|name| progress.entry(name).state = State::Passed);
    progress
}

fn press(model: &mut Model, key: KeyCode) -> Vec<Cmd> {
    update(model, Msg::Key(KeyEvent::new(key, KeyModifiers::NONE)))
}

fn typed(model: &mut Model, keys: &str) -> Vec<Cmd> {
    keys.chars().flat_map(|key| press(model, KeyCode::Char(key))).collect()
}

/// News of the newest check.
fn news(model: &mut Model, news: News) -> Vec<Cmd> {
    let id = model.check;
    update(model, Msg::Check(id, news))
}

fn verdict(model: &mut Model, verdict: Verdict) -> Vec<Cmd> {
    news(model, News::Verdict(Box::new(Ok(verdict))))
}
