//! The rest of the contract: what each limit covers, what is gone, and what is kept.

use std::task::Poll;
use std::time::Duration;

use exercise::retry::{Policy, Why};
use kit::{Blame, Mock, blame, mock, ms, plainly, secs, settled, start_over, sweep, timed};
use tokio::time::sleep;

use crate::visible::Goes::{Breaks, Fails, Hangs, Works};
use crate::visible::{POLICY, Server, Task, gives_up, goes, nothing_left, retrying, told, watched};

#[test]
fn each_limit_covers_its_own() {
    watched().run(async {
        // Each try has its own two seconds, whatever the one before has used up.
        let tries = [(0, 1_900), (2_400, 4_300), (5_300, 7_300), (9_300, 11_200)];
        let script = [Fails(1_900), Fails(1_900), Hangs, Works(1_900)];
        goes(&POLICY, &script, &tries, (11_200, Ok(4))).await;
        // A pause may be longer than a try, and does not count as one.
        let policy = Policy { per_try: ms(600), base: secs(3), cap: secs(60), ..POLICY };
        let tries = [(0, 600), (3_600, 4_200), (10_200, 10_700)];
        goes(&policy, &[Hangs, Hangs, Works(500)], &tries, (10_700, Ok(3))).await;
        // The first try alone is longer than all may be.
        let policy = Policy { per_try: secs(20), overall: secs(10), ..POLICY };
        goes(&policy, &[Hangs], &[(0, 10_000)], gives_up(10_000, Why::Overall, None)).await;
        // All that there was counts: tries that were cut off, tries that failed, pauses.
        let policy = Policy { attempts: 100, overall: secs(10), ..POLICY };
        let tries = [(0, 2_000), (2_500, 4_000), (5_000, 7_000), (9_000, 10_000)];
        let script = [Hangs, Fails(1_500), Hangs];
        goes(&policy, &script, &tries, gives_up(10_000, Why::Overall, Some(2))).await;
    });
}

#[test]
fn the_overall_time_ends_a_pause() {
    watched().run(async {
        let policy = Policy { overall: secs(5), base: secs(1), cap: secs(60), ..POLICY };
        let tries = [(0, 100), (1_100, 1_200), (3_200, 3_300)];
        goes(&policy, &[Fails(100)], &tries, gives_up(5_000, Why::Overall, Some(3))).await;
        // In the first one, and the tries took no time at all.
        let policy = Policy { overall: secs(3), base: secs(40), cap: secs(60), ..POLICY };
        goes(&policy, &[Fails(0)], &[(0, 0)], gives_up(3_000, Why::Overall, Some(1))).await;
        // It sleeps through the night.
        let hours = |hours: u64| secs(3_600 * hours);
        let policy = Policy { overall: hours(9), base: hours(5), cap: hours(10), ..POLICY };
        let tries = [(0, 10), (18_000_010, 18_000_020)];
        let end = gives_up(9 * 3_600_000, Why::Overall, Some(2));
        goes(&policy, &[Fails(10)], &tries, end).await;
    });
}

#[test]
fn after_the_last_try_there_is_no_pause() {
    watched().run(async {
        let policy = Policy { attempts: 3, ..POLICY };
        let tries = [(0, 100), (600, 700), (1_700, 1_800)];
        goes(&policy, &[Fails(100)], &tries, gives_up(1_800, Why::Attempts, Some(3))).await;
        let policy = Policy { attempts: 1, ..POLICY };
        goes(&policy, &[Hangs], &[(0, 2_000)], gives_up(2_000, Why::Attempts, None)).await;
        // Nor after one that is the last because its error is fatal.
        let end = gives_up(100, Why::Fatal, Some(1));
        goes(&POLICY, &[Breaks(100), Works(0)], &[(0, 100)], end).await;
        goes(&policy, &[Breaks(100)], &[(0, 100)], end).await;
        // The last one may also work.
        let policy = Policy { attempts: 2, ..POLICY };
        goes(&policy, &[Fails(0), Works(100)], &[(0, 0), (500, 600)], (600, Ok(2))).await;
    });
}

/// Tries that fail after 10 ms each, with these pauses between them.
async fn pauses(policy: &Policy, pauses: &[u64]) {
    let mut tries = vec![(0, 10)];
    for pause in pauses {
        let (_, gone) = tries[tries.len() - 1];
        tries.push((gone + pause, gone + pause + 10));
    }
    let policy = Policy { attempts: tries.len() as u32, overall: secs(7_200), ..*policy };
    let (count, end) = (tries.len() as u32, tries[tries.len() - 1].1);
    goes(&policy, &[Fails(10)], &tries, gives_up(end, Why::Attempts, Some(count))).await;
}

#[test]
fn pauses_double_up_to_the_cap_however_many_there_are() {
    watched().run(async {
        let policy = Policy { base: secs(1), cap: secs(50), ..POLICY };
        let rising = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 50_000, 50_000];
        pauses(&policy, &rising).await;
        let policy = Policy { base: ms(100), cap: secs(3), ..POLICY };
        let many = [&[100, 200, 400, 800, 1_600][..], &[3_000; 194]].concat();
        pauses(&policy, &many).await;
        // Longer than the cap from the first one on.
        pauses(&Policy { base: secs(7), cap: secs(2), ..POLICY }, &[2_000; 3]).await;
        let none = Duration::ZERO;
        pauses(&Policy { base: none, cap: secs(2), ..POLICY }, &[0; 3]).await;
        pauses(&Policy { base: secs(2), cap: none, ..POLICY }, &[0; 3]).await;
        // From a thousandth of a second to half an hour.
        let policy = Policy { base: ms(1), cap: secs(3_600), ..POLICY };
        let all: Vec<u64> = (0..22).map(|doublings| 1 << doublings).collect();
        pauses(&policy, &all).await;
        // From a part of a thousandth: that is a pause, too, and twice as much is more.
        let base = Duration::from_micros(500);
        let policy = Policy { attempts: 12, base, cap: secs(2), ..POLICY };
        start_over();
        let (_, time) = timed(retrying(&policy, &Server::of(&[Fails(0)]))).await;
        plainly().unless(time >= secs(1));
    });
}

#[test]
fn a_try_is_gone_before_the_next_one_begins() {
    watched().run(async {
        // Without a pause: the next one begins at the moment when this one is cut off.
        let none = Duration::ZERO;
        let policy = Policy { attempts: 4, base: none, cap: none, ..POLICY };
        let tries = [(0, 2_000), (2_000, 4_000), (4_000, 4_100), (4_100, 6_100)];
        let end = gives_up(6_100, Why::Attempts, Some(3));
        goes(&policy, &[Hangs, Hangs, Fails(100), Hangs], &tries, end).await;
        // And cut off by the overall time.
        let policy = Policy { overall: secs(3), ..policy };
        let tries = [(0, 2_000), (2_000, 3_000)];
        goes(&policy, &[Hangs], &tries, gives_up(3_000, Why::Overall, None)).await;
    });
}

#[test]
fn the_latest_error_is_kept() {
    watched().run(async {
        let policy = Policy { attempts: 3, ..POLICY };
        let tries = [(0, 100), (600, 2_600), (3_600, 5_600)];
        let end = gives_up(5_600, Why::Attempts, Some(1));
        goes(&policy, &[Fails(100), Hangs], &tries, end).await;
        let tries = [(0, 2_000), (2_500, 2_600), (3_600, 5_600)];
        let end = gives_up(5_600, Why::Attempts, Some(2));
        goes(&policy, &[Hangs, Fails(100), Hangs], &tries, end).await;
        let policy = Policy { overall: secs(4), ..POLICY };
        let tries = [(0, 2_000), (2_500, 4_000)];
        goes(&policy, &[Hangs], &tries, gives_up(4_000, Why::Overall, None)).await;
    });
}

#[test]
fn no_attempt_at_all_or_four_billion() {
    watched().run(async {
        let policy = Policy { attempts: 0, ..POLICY };
        goes(&policy, &[Works(0)], &[], gives_up(0, Why::Attempts, None)).await;
        let policy = Policy { attempts: u32::MAX, ..POLICY };
        goes(&policy, &[Fails(0), Works(100)], &[(0, 0), (500, 600)], (600, Ok(2))).await;
    });
}

#[test]
fn dropped_half_way_nothing_is_left_of_it() {
    watched().run(async {
        let policy = Policy { attempts: 4, ..POLICY };
        sweep(async |cut| {
            let server = Server::of(&[Fails(100), Hangs, Works(100)]);
            let ended = cut.run(retrying(&policy, &server)).await;
            if let Some(ended) = ended {
                plainly().unless_eq(told(ended), Ok(3));
            }
            nothing_left(&server).await;
            if cut.polls() == 0 {
                let tries = server.tries().len();
                blame("eager-before-poll")
                    .because("tries-begun", &[("count", &tries), ("expected", &0)])
                    .unless(tries == 0);
            }
        })
        .await;
    });
}

type Retry<'a> = Mock<Task<'a>>;

/// It waits, and so many tries have begun, of which so many are still there.
async fn waits(retry: &mut Retry<'_>, server: &Server, tries: usize, live: usize, check: &Blame) {
    let polled = settled(retry, 10).await;
    check
        .clone()
        .because("not-pending", &[("who", &"retry")])
        .unless(matches!(polled, Some(Poll::Pending)));
    let begun = server.tries().len();
    check
        .clone()
        .because("tries-begun", &[("count", &begun), ("expected", &tries)])
        .unless(begun == tries);
    let still = server.live();
    check
        .clone()
        .because("still-alive", &[("count", &still), ("what", &"tries"), ("expected", &live)])
        .unless(still == live);
}

/// A time is up, and so it goes on without being asked: its task is woken, or what is
/// left to do is done by another one. So many tries have begun by then, of which so many
/// are still there.
async fn goes_on(retry: &mut Retry<'_>, server: &Server, tries: usize, live: usize) {
    let state = || (server.tries().len(), server.live());
    let (before, woken) = (state(), retry.is_woken());
    if before == (tries, live) {
        return;
    }
    let ended = matches!(settled(retry, 10).await, Some(Poll::Ready(_)));
    if !woken {
        // Has it not heard of it, or not even noticed when it was asked?
        let knows = ended || state() != before;
        blame(if knows { "pending-without-waker" } else { "subfuture-recreated" })
            .because("not-woken", &[("who", &"retry")])
            .now();
    }
    let begun = server.tries().len();
    blame("subfuture-recreated")
        .because("tries-begun", &[("count", &begun), ("expected", &tries)])
        .unless(!ended && state() == (tries, live));
}

#[test]
fn polls_for_nothing_change_nothing() {
    watched().run(async {
        let policy = Policy { per_try: secs(4), overall: ms(10_500), base: secs(3), ..POLICY };
        // So it goes if nobody disturbs it.
        let tries = [(0, 4_000), (7_000, 10_500)];
        goes(&policy, &[Hangs], &tries, gives_up(10_500, Why::Overall, None)).await;
        let server = Server::of(&[Hangs]);
        let mut retry = mock("retry", retrying(&policy, &server));
        // Time that goes by before the first poll does not count.
        sleep(secs(100)).await;
        waits(&mut retry, &server, 1, 1, &blame("eager-before-poll")).await;
        for _ in 0..3 {
            sleep(secs(1)).await;
            waits(&mut retry, &server, 1, 1, &plainly()).await;
        }
        // The time of the first try is up.
        sleep(ms(1_001)).await;
        goes_on(&mut retry, &server, 1, 0).await;
        for _ in 0..2 {
            sleep(secs(1)).await;
            waits(&mut retry, &server, 1, 0, &plainly()).await;
        }
        // The pause is over.
        sleep(ms(1_001)).await;
        goes_on(&mut retry, &server, 2, 1).await;
        for _ in 0..3 {
            sleep(secs(1)).await;
            waits(&mut retry, &server, 2, 1, &plainly()).await;
        }
        // All time is up.
        sleep(ms(500)).await;
        let woken = retry.is_woken();
        match settled(&mut retry, 10).await {
            Some(Poll::Ready(answer)) => {
                blame("pending-without-waker")
                    .because("not-woken", &[("who", &"retry")])
                    .unless(woken);
                plainly().unless_eq(told(answer), Err((Why::Overall, 2, None)));
            }
            _ => blame("subfuture-recreated").because("not-ready", &[("who", &"retry")]).now(),
        }
        nothing_left(&server).await;
    });
}
