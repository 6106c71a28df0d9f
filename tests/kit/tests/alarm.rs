//! Alarms and early wakes, tried on executors that are right and on some that
//! are not.

mod common;

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;

use common::{fact, pitfall};
use kit::{alarm, capture, early_wake, ms, run_sync};

/// A right executor, with what it does between two polls left open.
struct Parker {
    thread: Thread,
    woken: AtomicBool,
}

impl Wake for Parker {
    fn wake(self: Arc<Self>) {
        self.woken.store(true, SeqCst);
        self.thread.unpark();
    }
}

fn block_on<F: Future>(future: F, wait: impl Fn(&Parker)) -> F::Output {
    let parker = Arc::new(Parker { thread: std::thread::current(), woken: AtomicBool::new(false) });
    let waker = Waker::from(parker.clone());
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        wait(&parker);
    }
}

fn sleep_until_woken(parker: &Parker) {
    while !parker.woken.swap(false, SeqCst) {
        std::thread::park();
    }
}

/// An executor that has a bell and no flag.
fn forgetful<F: Future>(future: F) -> F::Output {
    #[derive(Default)]
    struct Bell(Mutex<()>, Condvar);
    impl Wake for Bell {
        fn wake(self: Arc<Self>) {
            self.1.notify_all();
        }
    }
    let bell = Arc::new(Bell::default());
    let waker = Waker::from(bell.clone());
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        drop(bell.1.wait(bell.0.lock().unwrap()).unwrap());
    }
}

#[test]
fn a_right_executor_hears_everything() {
    run_sync(|| {
        block_on(alarm("tea", ms(100)), sleep_until_woken);
        block_on(early_wake("tea"), sleep_until_woken);
        block_on(early_wake("tea").by_thread(), sleep_until_woken);
    });
}

#[test]
fn an_executor_may_rely_on_the_token_of_its_thread() {
    run_sync(|| {
        for _ in 0..5 {
            block_on(early_wake("tea"), |_| std::thread::park());
            block_on(early_wake("tea").by_thread(), |_| std::thread::park());
            block_on(alarm("tea", ms(1)), |_| std::thread::park());
        }
    });
}

#[test]
fn polling_without_a_wake_is_a_busy_wait() {
    let spin = capture(|| run_sync(|| block_on(alarm("tea", ms(500)), |_| ())));
    assert_eq!((pitfall(&spin), fact(&spin)), (Some("busy-wake"), "polled-unwoken"));
    let naps = capture(|| {
        run_sync(|| block_on(alarm("tea", ms(500)), |_| std::thread::sleep(ms(1))));
    });
    assert_eq!((pitfall(&naps), fact(&naps)), (Some("busy-wake"), "polled-unwoken"));
}

#[test]
#[cfg(target_os = "linux")]
fn watching_the_flag_is_a_busy_wait() {
    let spin = capture(|| {
        run_sync(|| {
            block_on(alarm("tea", ms(500)), |p| while !p.woken.swap(false, SeqCst) {});
        });
    });
    assert_eq!((pitfall(&spin), fact(&spin)), (Some("busy-wake"), "not-asleep"));
    let gives_way = capture(|| {
        run_sync(|| {
            block_on(alarm("tea", ms(100)), |p| {
                while !p.woken.swap(false, SeqCst) {
                    std::thread::yield_now();
                }
            });
        });
    });
    assert_eq!((pitfall(&gives_way), fact(&gives_way)), (Some("busy-wake"), "not-asleep"));
    for nap in [ms(1), ms(20)] {
        let naps = capture(|| {
            run_sync(|| {
                block_on(alarm("tea", ms(500)), |p| {
                    while !p.woken.swap(false, SeqCst) {
                        std::thread::sleep(nap);
                    }
                });
            });
        });
        assert_eq!((pitfall(&naps), fact(&naps)), (Some("busy-wake"), "not-asleep"));
    }
}

#[test]
fn a_forgotten_wake_is_told_without_a_hang() {
    for by_thread in [false, true] {
        let record = capture(|| {
            run_sync(|| {
                let wake = early_wake("tea");
                forgetful(if by_thread { wake.by_thread() } else { wake });
            });
        });
        assert_eq!(pitfall(&record), Some("wake-lost-before-park"));
        assert_eq!(fact(&record), "wakes-lost");
    }
}

#[test]
fn a_lock_held_during_the_poll_is_told_without_a_hang() {
    #[derive(Default)]
    struct Bell(Mutex<bool>, Condvar);
    impl Wake for Bell {
        fn wake(self: Arc<Self>) {
            *self.0.lock().unwrap() = true;
            self.1.notify_all();
        }
    }
    let record = capture(|| {
        run_sync(|| {
            let bell = Arc::new(Bell::default());
            let waker = Waker::from(bell.clone());
            let mut future = pin!(early_wake("tea").by_thread());
            let mut rang = bell.0.lock().unwrap();
            while future.as_mut().poll(&mut Context::from_waker(&waker)).is_pending() {
                rang = bell.1.wait_while(rang, |rang| !*rang).unwrap();
                *rang = false;
            }
        });
    });
    assert_eq!((pitfall(&record), fact(&record)), (None, "wake-blocked"));
}

#[test]
fn a_second_wake_that_waits_for_room_is_told_without_a_hang() {
    struct Bell(SyncSender<()>);
    impl Wake for Bell {
        fn wake(self: Arc<Self>) {
            let _ = self.0.send(());
        }
    }
    let record = capture(|| {
        run_sync(|| {
            let (bell, rings) = sync_channel(1);
            let waker = Waker::from(Arc::new(Bell(bell)));
            let mut future = pin!(early_wake("tea").by_thread());
            while future.as_mut().poll(&mut Context::from_waker(&waker)).is_pending() {
                rings.recv().unwrap();
            }
        });
    });
    assert_eq!((pitfall(&record), fact(&record)), (None, "wake-blocked"));
}

#[test]
fn an_alarm_rings_until_it_is_heard() {
    run_sync(|| forgetful(alarm("tea", ms(0))));
}
