//! The watch in motion: threads bring messages, the model takes them, and what
//! it wants done is done.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use crossterm::event::{self, Event, KeyCode, KeyEvent, KeyModifiers};

use super::clerk::{Clerk, Task};
use super::look::Looker;
use super::message::{Alarm, Cmd, Msg};
use super::model::Model;
use super::plain::Plain;
use super::terminal::{self, Link, Screen};
use super::update;
use super::view::{self, Look};
use super::worker::{Job, Worker};
use crate::commands::exit::Exit;
use crate::commands::print;
use crate::kit::Kit;
use crate::progress::Progress;

/// How often a running check is drawn anew.
const TICK: Duration = Duration::from_millis(100);
/// How long the end waits for what is still going on to be ended.
const PATIENCE: Duration = Duration::from_secs(2);

/// What the watch shows itself on.
pub enum Face {
    /// The whole terminal.
    Full(Screen, Look),
    /// Lines on standard output.
    Lines(Plain),
}

/// The watch.
pub struct App {
    kit: Arc<Kit>,
    model: Model,
    face: Face,
    news: Receiver<Msg>,
    worker: Worker,
    clerk: Clerk,
    looker: Looker,
}

impl App {
    /// Starts the threads.
    ///
    /// # Errors
    /// The system gives no threads.
    pub fn new(kit: Kit, progress: Progress, face: Face, polls: bool) -> io::Result<Self> {
        let (out, news) = mpsc::channel();
        let kit = Arc::new(kit);
        if let Face::Full(..) = face {
            read_keys(out.clone())?;
        }
        stop_on_signals(out.clone());
        Ok(App {
            model: Model::new(&kit, progress),
            face,
            news,
            worker: Worker::start(kit.clone(), out.clone())?,
            clerk: Clerk::start(kit.clone(), out.clone())?,
            looker: Looker::start(polls, out)?,
            kit,
        })
    }

    /// Watches until somebody ends it.
    ///
    /// # Errors
    /// The terminal is gone.
    pub fn run(mut self) -> io::Result<Exit> {
        let mut todo = update::begin(&mut self.model);
        let mut tick = Instant::now();
        let exit = loop {
            if let Some(exit) = self.perform(todo) {
                break exit;
            }
            todo = self.show()?;
            if !todo.is_empty() {
                continue;
            }
            let Some(first) = self.wait(&mut tick) else { continue };
            todo = update::update(&mut self.model, first);
            // All that has come is taken before the screen is drawn again.
            while let Ok(more) = self.news.try_recv() {
                if let Msg::Resized = more {
                    self.resized();
                }
                todo.extend(update::update(&mut self.model, more));
            }
        };
        drop(self.face);
        self.worker.end(PATIENCE);
        self.clerk.end(PATIENCE);
        Ok(exit)
    }

    /// The next message; a tick while a check runs.
    fn wait(&mut self, tick: &mut Instant) -> Option<Msg> {
        let msg = if self.model.run.is_some() {
            let left = (*tick + TICK).saturating_duration_since(Instant::now());
            self.news.recv_timeout(left)
        } else {
            self.news.recv().map_err(|_| RecvTimeoutError::Disconnected)
        };
        match msg {
            Ok(Msg::Resized) => {
                self.resized();
                Some(Msg::Resized)
            }
            Ok(msg) => Some(msg),
            Err(RecvTimeoutError::Timeout) => {
                *tick = Instant::now();
                Some(Msg::Tick)
            }
            Err(RecvTimeoutError::Disconnected) => Some(Msg::Stop),
        }
    }

    fn resized(&mut self) {
        if let Face::Full(screen, _) = &mut self.face {
            screen.resized();
        }
    }

    fn show(&mut self) -> io::Result<Vec<Cmd>> {
        match &mut self.face {
            Face::Full(screen, look) => {
                let model = &mut self.model;
                let file = self.kit.stub(&model.subject().exercise);
                screen.draw(|frame| {
                    let drawn = view::draw(frame, model, *look);
                    model.drawn(drawn.extent);
                    let (column, row, text) = drawn.path?;
                    Some(Link { at: (column, row), text, url: terminal::url(&file) })
                })?;
            }
            Face::Lines(plain) => {
                let mut out = anstream::AutoStream::auto(io::stdout().lock());
                if plain.tell(&self.model, print::width(), &mut out) {
                    // Nobody can press it here.
                    let next = KeyEvent::new(KeyCode::Char('n'), KeyModifiers::NONE);
                    return Ok(update::update(&mut self.model, Msg::Key(next)));
                }
            }
        }
        Ok(Vec::new())
    }

    /// Does what is to be done; returns how to end if that is among it.
    fn perform(&mut self, todo: Vec<Cmd>) -> Option<Exit> {
        for cmd in todo {
            let exercise = |at: usize| self.model.subjects[at].exercise.clone();
            match cmd {
                Cmd::Watch(at) => self.looker.watch(self.kit.stub(&exercise(at))),
                Cmd::Check { id, exercise: at, fresh } => {
                    let exercise = exercise(at);
                    let file = self.kit.stub(&exercise);
                    self.worker.begin(Job { id, exercise, file, fresh });
                }
                Cmd::Record(change) => self.clerk.give(Task::Record(change)),
                Cmd::Reset(at) => self.clerk.give(Task::Reset(exercise(at))),
                Cmd::Difference(at) => self.clerk.give(Task::Difference(at, exercise(at))),
                Cmd::Quit(exit) => return Some(exit),
            }
        }
        None
    }
}

fn read_keys(out: Sender<Msg>) -> io::Result<()> {
    thread::Builder::new().name("keys".to_owned()).spawn(move || {
        let _alarm = Alarm(out.clone());
        loop {
            let msg = match event::read() {
                Ok(Event::Key(key)) => Msg::Key(key),
                Ok(Event::Resize(..)) => Msg::Resized,
                Ok(_) => continue,
                // The terminal is gone.
                Err(_) => Msg::Stop,
            };
            let last = matches!(msg, Msg::Stop);
            if out.send(msg).is_err() || last {
                return;
            }
        }
    })?;
    Ok(())
}

/// SIGINT, SIGTERM and SIGHUP end the watch in good order; if that takes too
/// long, the terminal is given back all the same.
fn stop_on_signals(out: Sender<Msg>) {
    let handler = move || {
        let _ = out.send(Msg::Stop);
        thread::sleep(3 * PATIENCE);
        terminal::leave();
        std::process::exit(130);
    };
    // It fails only if there is a handler already, and there is none.
    let _ = ctrlc::set_handler(handler);
}
