//! What every learner sees: one client is served, and sleeps end in their order.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::Poll;
use std::time::{Duration, Instant};

use exercise::mini_runtime::{Async, Rt, echo, run};
use kit::fake::{Address, Listener, Selector, Socket, asleep};
use kit::{Blame, Lab, blame, gate, lab, ms, panic_words, plainly, secs};

/// Bytes that a connection holds in each direction.
pub const ROOM: usize = 8;

/// No test takes so long: a loop that goes to sleep for at least this time waits for
/// something other than the time.
pub const LONG: Duration = secs(30 * 60);

pub type Local<T> = Pin<Box<dyn Future<Output = T>>>;

/// For tests that play the other side: the selector never holds the thread for long.
/// If the thread stands still, it is somewhere else. If it does not, and there is no
/// end to it, it looks again and again.
pub fn watched() -> Lab {
    lab().wait_means("blocking-sleep").stuck_means("busy-wake")
}

pub fn about(check: Blame, key: &str, who: &str) -> Blame {
    check.because(key, &[("who", &who)])
}

/// Runs `main` to its end. Boxed, so that the loop is compiled once.
pub fn runs<M: Future<Output = ()> + 'static>(
    selector: &Selector,
    main: impl FnOnce(Rt) -> M + 'static,
) {
    let main: Box<dyn FnOnce(Rt) -> Local<u32>> = Box::new(|rt| {
        let main = main(rt);
        Box::pin(async {
            main.await;
            7
        })
    });
    plainly().unless_eq(run(selector.clone(), main), 7);
}

/// A task, boxed.
pub fn spawn(rt: &Rt, task: impl Future<Output = ()> + 'static) {
    let task: Local<()> = Box::pin(task);
    rt.spawn(task);
}

/// The same, by a task that is being polled.
pub fn task(rt: &Rt, task: impl Future<Output = ()> + 'static) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| spawn(rt, task))) {
        let words = panic_words(&*panic).unwrap_or_default();
        let who = "While a task is being polled and spawns another one, `spawn`";
        plainly()
            .because("panicked", &[("who", &who), ("message", &words)])
            // As a `RefCell` says it.
            .unless(!words.contains("borrowed"));
        resume_unwind(panic);
    }
}

pub fn listen(rt: &Rt, listener: Listener) -> Async<Listener> {
    let Ok(listener) = rt.listen(listener) else { plainly().because("not-registered", &[]).now() };
    listener
}

/// The next sleep, of a loop that has no timer.
pub async fn idle() {
    asleep().await.lasts(LONG, "busy-wake");
}

/// Runs `echo` and plays its clients; after that, main is ready.
pub fn serves<P: Future<Output = ()> + 'static>(clients: impl FnOnce(Address) -> P) {
    let selector = Selector::new();
    let (listener, address) = Listener::open(ROOM);
    let (closing, close) = Listener::open(1);
    let clients: Local<()> = Box::pin(clients(address));
    selector.plays(async move {
        clients.await;
        idle().await;
        let _who_closes = close.connect();
        asleep().await;
        blame("leftover-tasks-after-main").because("slept-after-main", &[]).now();
    });
    runs(&selector, |rt| async move {
        let listener = listen(&rt, listener);
        task(&rt, echo(rt.clone(), listener));
        plainly().unless(listen(&rt, closing).accept().await.is_ok());
    });
}

/// A client's side of a connection.
pub fn connects(address: &Address) -> Socket {
    let Ok(socket) = address.connect() else { plainly().because("nobody-listens", &[]).now() };
    socket
}

/// A client says this, for which there is room.
pub fn says(client: &Socket, words: &str) {
    plainly().unless_eq(client.write(words.as_bytes()).ok(), Some(words.len()));
}

/// What has come back to a client; "the end" after the last of it, if there is one.
pub fn heard(client: &Socket) -> String {
    let mut buffer = [0; ROOM];
    match client.read(&mut buffer) {
        Ok(0) => "the end".to_owned(),
        Ok(count) => String::from_utf8_lossy(&buffer[..count]).into_owned(),
        Err(_) => String::new(),
    }
}

/// Fails the test unless just this has come back.
#[track_caller]
pub fn hears(check: Blame, who: &str, client: &Socket, words: &str) {
    about(check, "which-one", who).unless_eq(heard(client), words);
}

#[test]
fn a_client_hears_what_it_has_said() {
    watched().run_sync(|| {
        serves(|address| async move {
            idle().await;
            let client = connects(&address);
            idle().await;
            for words in ["tea", "milk", "sugar"] {
                says(&client, words);
                idle().await;
                hears(plainly(), "The client", &client, words);
            }
        });
    });
}

/// Real ones. That it took longer says nothing: the machine may be busy.
const LENGTHS: [(&str, Duration); 3] = [("soup", ms(30)), ("tea", ms(10)), ("toast", ms(20))];

/// Three tasks sleep. Who went on after whom; None if the machine is so busy that it
/// is not known whose deadline is earlier, or that one is over before anybody waits.
fn order_of_sleeps() -> Option<Vec<&'static str>> {
    let selector = Selector::new();
    // Nothing happens but that time goes by.
    selector.plays(async {});
    let log: Rc<RefCell<Vec<&str>>> = Rc::default();
    let too_late = Rc::new(Cell::new(false));
    let (order, is_late) = (log.clone(), too_late.clone());
    runs(&selector, |rt| async move {
        let begun = Instant::now();
        let sleeps = LENGTHS.map(|(name, length)| (name, length, rt.sleep(length)));
        too_late.set(begun.elapsed() >= ms(10));
        let (opener, all_are_done) = gate("main");
        let opener = Rc::new(Cell::new(Some(opener)));
        for (name, length, sleep) in sleeps {
            let (log, opener, too_late) = (log.clone(), opener.clone(), too_late.clone());
            task(&rt, async move {
                let mut sleep = pin!(sleep);
                let first = poll_fn(|cx| Poll::Ready(sleep.as_mut().poll(cx))).await;
                match first {
                    Poll::Ready(()) => too_late.set(true),
                    Poll::Pending => sleep.await,
                }
                about(plainly(), "over-too-early", name).unless(begun.elapsed() >= length);
                log.borrow_mut().push(name);
                if log.borrow().len() == LENGTHS.len() {
                    opener.take().expect("it opens once").open(());
                }
            });
        }
        all_are_done.await;
    });
    (!is_late.get()).then(|| order.take())
}

#[test]
fn sleeps_end_in_the_order_of_their_deadlines() {
    watched().run_sync(|| {
        if let Some(order) = (0..20).find_map(|_| order_of_sleeps()) {
            plainly().unless_eq(order, ["tea", "toast", "soup"]);
        }
    });
}
