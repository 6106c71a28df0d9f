//! The main that stays awake, tried on loops that are right and on some that
//! are not.

mod common;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::{Future, pending, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

use common::{fact, pitfall};
use kit::{Log, awake, capture, note, run_sync, strict};
use record::Kind;

type Task = Pin<Box<dyn Future<Output = ()>>>;

/// A small loop whose mistakes can be chosen.
#[derive(Clone, Copy, Default)]
struct Mistakes {
    last_comes_first: bool,
    clears_its_flag_late: bool,
}

struct Bell {
    id: usize,
    queued: AtomicBool,
    ready: Arc<Mutex<VecDeque<usize>>>,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        if !self.queued.swap(true, SeqCst) {
            self.ready.lock().unwrap().push_back(self.id);
        }
    }
}

/// Runs the last of these tasks, and the others with it.
fn run_all(tasks: Vec<Task>, mistakes: Mistakes) {
    let ready = Arc::new(Mutex::new((0..tasks.len()).collect::<VecDeque<_>>()));
    let main = tasks.len() - 1;
    let bell = |id| Arc::new(Bell { id, queued: AtomicBool::new(true), ready: ready.clone() });
    let mut tasks: Vec<_> = tasks.into_iter().enumerate().map(|(id, t)| (t, bell(id))).collect();
    loop {
        let id = {
            let mut ready = ready.lock().unwrap();
            if mistakes.last_comes_first { ready.pop_back() } else { ready.pop_front() }
        };
        // Nobody has to be waited for but the thread of an early wake.
        let Some(id) = id else {
            if mistakes.clears_its_flag_late {
                std::thread::yield_now();
                continue;
            }
            panic!("the loop was to be kept awake");
        };
        let (task, bell) = &mut tasks[id];
        bell.queued.store(mistakes.clears_its_flag_late, SeqCst);
        let waker = Waker::from(bell.clone());
        let polled = task.as_mut().poll(&mut Context::from_waker(&waker));
        bell.queued.store(false, SeqCst);
        match polled {
            Poll::Ready(()) if id == main => return,
            Poll::Ready(()) => *task = Box::pin(pending()),
            Poll::Pending => {}
        }
    }
}

fn drive(mistakes: Mistakes, others: Vec<Task>, body: impl Future<Output = ()> + 'static) {
    let (first, main) = awake(body);
    let mut tasks: Vec<Task> = vec![Box::pin(first)];
    tasks.extend(others);
    tasks.push(Box::pin(main));
    run_all(tasks, mistakes);
}

#[test]
fn the_body_is_polled_when_it_was_woken_and_not_otherwise() {
    let record = capture(|| {
        run_sync(|| {
            let log = Log::new();
            let kept: Rc<RefCell<Option<Waker>>> = Rc::default();
            let (waits, polls) = (kept.clone(), log.clone());
            let mut rung = false;
            let body = poll_fn(move |cx| {
                polls.add("polled");
                *waits.borrow_mut() = Some(cx.waker().clone());
                if std::mem::replace(&mut rung, true) { Poll::Ready(()) } else { Poll::Pending }
            });
            let other: Task = Box::pin(async move {
                strict("other", ()).pending(40).await;
                kept.borrow_mut().take().expect("the body has waited").wake();
            });
            drive(Mistakes::default(), vec![other], body);
            assert_eq!(log.lines(), ["polled", "polled"]);
            note("the end");
        });
    });
    assert!(record.diagnosis.is_none() && record.panic.is_none(), "{record:?}");
    // What was found out of the loop before leaves no trace.
    assert!(record.events.iter().all(|event| event.label != "main"), "{record:?}");
    assert_eq!(record.events.last().unwrap().kind, Kind::Note);
}

#[test]
fn who_waits_in_vain_is_told() {
    let record = capture(|| run_sync(|| drive(Mistakes::default(), vec![], pending())));
    assert_eq!((pitfall(&record), fact(&record)), (None, "rounds-gone"));
}

#[test]
fn a_body_that_wakes_itself_for_ever_is_told() {
    let body = || {
        poll_fn(|cx: &mut Context<'_>| {
            cx.waker().wake_by_ref();
            Poll::<()>::Pending
        })
    };
    let record = capture(|| run_sync(|| drive(Mistakes::default(), vec![], body())));
    assert_eq!((pitfall(&record), fact(&record)), (Some("busy-wake"), "poll-cap"));
}

#[test]
fn a_loop_that_likes_main_better_is_told() {
    let mistakes = Mistakes { last_comes_first: true, ..Mistakes::default() };
    let record = capture(|| run_sync(|| drive(mistakes, vec![], async {})));
    assert_eq!((pitfall(&record), fact(&record)), (None, "out-of-turn"));
}

#[test]
fn a_loop_that_forgets_early_wakes_is_told() {
    let mistakes = Mistakes { clears_its_flag_late: true, ..Mistakes::default() };
    let record = capture(|| run_sync(|| drive(mistakes, vec![], async {})));
    assert_eq!(pitfall(&record), Some("wake-lost-before-park"));
}
