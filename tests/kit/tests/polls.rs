//! Mocks, wakers and strict futures: the rules between poll and its caller.

mod common;

use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};

use common::{fact, pitfall};
use futures::future::{BoxFuture, FutureExt, lazy, maybe_done, ready};
use futures::stream::{StreamExt, unfold};
use kit::{
    capture, counting_waker, gate, inline_waker, mock, mock_stream, poll_with, run, run_sync,
    strict, strict_stream,
};

#[test]
fn a_mock_sees_pending_wake_and_ready() {
    run_sync(|| {
        let (send, receive) = tokio::sync::oneshot::channel();
        let mut task = mock("receive", receive);
        task.expect_pending("never-yields");
        task.expect_not_woken("busy-wake");
        assert_eq!(task.wakers(), 1, "the channel keeps one waker");
        send.send(5).unwrap();
        task.expect_woken("pending-without-waker");
        assert_eq!(task.expect_ready("pending-without-waker"), Ok(5));
        assert_eq!(task.polls(), 2);
    });
}

#[test]
fn a_mock_names_what_is_wrong() {
    let deaf = capture(|| {
        run_sync(|| {
            let mut task = mock("deaf", std::future::pending::<()>());
            task.expect_pending("never-yields");
            task.expect_woken("pending-without-waker");
        });
    });
    assert_eq!((pitfall(&deaf), fact(&deaf)), (Some("pending-without-waker"), "not-woken"));

    let hasty = capture(|| run_sync(|| mock("hasty", async {}).expect_pending("never-yields")));
    assert_eq!((pitfall(&hasty), fact(&hasty)), (Some("never-yields"), "not-pending"));

    let slow =
        capture(|| run_sync(|| mock("slow", std::future::pending()).expect_ready("busy-wake")));
    assert_eq!((pitfall(&slow), fact(&slow)), (Some("busy-wake"), "not-ready"));

    let eager = capture(|| {
        run_sync(|| {
            let mut task = mock("eager", tokio::task::yield_now());
            let _ = task.poll();
            task.expect_not_woken("busy-wake");
        });
    });
    assert_eq!((pitfall(&eager), fact(&eager)), (Some("busy-wake"), "woken-early"));
}

#[test]
fn a_mock_stream_tells_items_from_the_end() {
    run_sync(|| {
        let mut stream = mock_stream("numbers", futures::stream::iter([1, 2]));
        assert_eq!(stream.size_hint(), (2, Some(2)));
        assert_eq!(stream.expect_item("unfused-stream-repoll"), 1);
        assert_eq!(stream.expect_item("unfused-stream-repoll"), 2);
        stream.expect_end("unfused-stream-repoll");
        assert_eq!(stream.polls(), 3);
    });
    let short = capture(|| {
        run_sync(|| {
            mock_stream("none", futures::stream::empty()).expect_item("generator-runs-ahead")
        });
    });
    assert_eq!((pitfall(&short), fact(&short)), (Some("generator-runs-ahead"), "ended-early"));
    let long = capture(|| {
        run_sync(|| {
            mock_stream("more", futures::stream::iter([1])).expect_end("unfused-stream-repoll")
        });
    });
    assert_eq!((pitfall(&long), fact(&long)), (Some("unfused-stream-repoll"), "not-ended"));
}

#[test]
fn only_the_latest_waker_of_a_oneshot_fires() {
    run_sync(|| {
        let (send, receive) = tokio::sync::oneshot::channel::<()>();
        let mut receive = Box::pin(receive);
        let ((first, a), (second, b)) = (counting_waker("a"), counting_waker("b"));
        assert!(poll_with(receive.as_mut(), &a).is_pending());
        assert_eq!(first.wakers(), 2, "ours and the channel's");
        assert!(poll_with(receive.as_mut(), &b).is_pending());
        assert_eq!((first.wakers(), second.wakers()), (1, 2));
        send.send(()).unwrap();
        assert_eq!((first.wakes(), second.wakes()), (0, 1));
    });
}

#[test]
fn an_inline_waker_runs_inside_wake() {
    let runs = Arc::new(AtomicUsize::new(0));
    let waker = inline_waker({
        let runs = runs.clone();
        move || {
            runs.fetch_add(1, SeqCst);
        }
    });
    waker.wake_by_ref();
    assert_eq!(runs.load(SeqCst), 1);
    waker.wake();
    assert_eq!(runs.load(SeqCst), 2);
}

#[test]
fn a_strict_future_allows_what_the_rules_allow() {
    run(async {
        let both = tokio::join!(strict("a", 1).pending(2), strict("b", 2));
        assert_eq!(both, (1, 2));
        let (opener, future) = gate("door");
        let watch = future.watch();
        let opened = async {
            assert!(opener.is_awaited(), "join polls in order");
            opener.open(7);
        };
        assert_eq!(tokio::join!(future, opened).0, 7);
        assert!(watch.is_done());
        assert_eq!(watch.polls(), 2);
    });
}

#[test]
fn polled_after_ready_is_seen() {
    let record = capture(|| {
        run(async {
            let mut future = pin!(strict("once", ()));
            future.as_mut().await;
            future.await;
        });
    });
    assert_eq!(pitfall(&record), Some("repoll-after-ready"));
}

/// What futures and Tokio themselves say to whoever polls again.
#[test]
fn futures_of_other_crates_refuse_that_by_name() {
    let refusing: [fn() -> BoxFuture<'static, ()>; 6] = [
        || std::future::ready(()).boxed(), // of std, and of futures:
        || ready(()).boxed(),
        || lazy(|_| ()).boxed(),
        || ready(()).map(|()| ()).boxed(),
        || ready(ready(())).flatten().boxed(),
        || async {}.boxed(),
    ];
    for (n, refuses) in refusing.iter().enumerate() {
        let record = capture(|| {
            run(async {
                let mut future = refuses();
                future.as_mut().await;
                future.await;
            });
        });
        assert_eq!(pitfall(&record), Some("repoll-after-ready"), "{n}");
    }
    let record = capture(|| {
        run(async {
            let mut part = pin!(maybe_done(ready(())));
            part.as_mut().await;
            part.as_mut().take_output();
            part.await;
        });
    });
    assert_eq!(pitfall(&record), Some("repoll-after-ready"));
    let record = capture(|| {
        run(async {
            let mut stream = pin!(unfold((), async |()| None::<((), ())>));
            while stream.next().await.is_some() {}
            stream.next().await;
        });
    });
    assert_eq!(pitfall(&record), Some("unfused-stream-repoll"));
}

#[test]
fn a_stream_polled_after_its_end_is_seen() {
    run(async {
        let items: Vec<_> = strict_stream("numbers", [1, 2, 3]).collect().await;
        assert_eq!(items, [1, 2, 3]);
    });
    let record = capture(|| {
        run(async {
            let mut stream = pin!(strict_stream("numbers", [1]));
            while stream.next().await.is_some() {}
            stream.next().await;
        });
    });
    assert_eq!(pitfall(&record), Some("unfused-stream-repoll"));
}

#[test]
fn a_check_that_fails_in_a_task_fails_the_test() {
    // The answer swallows the panic of its task; the test fails all the same.
    let record = capture(|| {
        run(async {
            let lost = tokio::spawn(async { kit::blame("busy-wake").now() });
            let _ = lost.await;
        });
    });
    assert_eq!(pitfall(&record), Some("busy-wake"));
}

#[test]
fn the_first_diagnosis_counts() {
    let record = capture(|| {
        run(async {
            let _ = tokio::spawn(async { kit::blame("stale-waker").now() }).await;
            kit::blame("busy-wake").now();
        });
    });
    assert_eq!(pitfall(&record), Some("stale-waker"));
}

#[test]
fn locks_and_threads_are_probed() {
    let lock = Mutex::new(());
    run_sync(|| kit::lock_is_free(&lock, "the list", "guard-across-await"));
    let held = lock.lock().unwrap();
    let record =
        capture(|| run_sync(|| kit::lock_is_free(&lock, "the list", "guard-across-await")));
    drop(held);
    assert_eq!((pitfall(&record), fact(&record)), (Some("guard-across-await"), "lock-held"));

    run(async {
        kit::no_block(async {
            let job = || kit::off_executor("hash", "cpu-on-executor");
            tokio::task::spawn_blocking(job).await.unwrap();
        })
        .await;
    });
    let record = capture(|| {
        run(kit::no_block(async { kit::off_executor("hash", "cpu-on-executor") }));
    });
    assert_eq!((pitfall(&record), fact(&record)), (Some("cpu-on-executor"), "on-executor"));
}

#[test]
fn a_runtime_inside_a_runtime_has_a_name() {
    let tokio = |run_in_there: fn()| capture(|| run(async { run_in_there() }));
    let nested = [
        tokio(|| {
            let own = tokio::runtime::Builder::new_current_thread().build().unwrap();
            // Kept: to drop one in here is a panic of its own.
            std::mem::ManuallyDrop::new(own).block_on(async {});
        }),
        tokio(|| drop(tokio::runtime::Builder::new_current_thread().build().unwrap())),
        tokio(|| futures::executor::block_on(async { futures::executor::block_on(async {}) })),
    ];
    for record in nested {
        assert_eq!(pitfall(&record), Some("nested-block-on"), "{record:?}");
        assert!(record.panic.is_none());
    }
}

#[test]
fn a_local_task_without_a_local_set_has_a_name() {
    let bare = capture(|| run(async { drop(tokio::task::spawn_local(async {})) }));
    // The owner of a task quotes its panic.
    let quoted = capture(|| {
        run(async {
            let outer = tokio::spawn(async { drop(tokio::task::spawn_local(async {})) });
            outer.await.unwrap();
        });
    });
    for record in [bare, quoted] {
        assert_eq!(pitfall(&record), Some("spawn-local-outside-localset"), "{record:?}");
        assert!(record.panic.is_none());
    }
    // In a set it is at home.
    run(async {
        let set = tokio::task::LocalSet::new();
        set.run_until(async { tokio::task::spawn_local(async {}).await.unwrap() }).await;
    });
}
