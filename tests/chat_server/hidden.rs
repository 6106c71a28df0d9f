//! The rest of the contract: lines in pieces, clients that are slow, silent or gone, and the end.

use std::sync::Arc;
use std::time::Duration;

use exercise::chat_server::{PAUSE, Rules};
use futures::join;
use kit::{
    alive_tasks, blame, lab, ms, no_tasks_were_left, plainly, run, secs, span, start_over,
    stays_asleep, took,
};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, split};
use tokio::sync::Notify;
use tokio::task::JoinError;
use tokio::time::{Instant, sleep, timeout};

use crate::visible::{House, NOTHING, Peer, ROOM, RULES, THE_END, two};

/// What each test asks first that is about something else, so that an answer is told of
/// its first mistake, and not of what follows from it.
async fn chats_work() {
    let house = House::opens(RULES);
    let (mut ada, mut bob) = two(&house).await;
    ada_is_heard(&mut ada, &mut bob, "a whole line").await;
    bob.sends("SAY hel").await;
    sleep(ms(1)).await;
    bob.sends("lo\nSAY bye\n").await;
    for peer in [&mut ada, &mut bob] {
        blame("short-read-assumed").unless_eq(peer.gets().await, "bob: hello");
        blame("short-read-assumed").unless_eq(peer.gets().await, "bob: bye");
    }
    house.served.abort();
    sleep(ms(1)).await;
    // The picture is of what comes now.
    start_over();
}

/// Both hear that ada says this.
async fn ada_is_heard(ada: &mut Peer, bob: &mut Peer, words: &str) {
    ada.sends(format!("SAY {words}\n")).await;
    for peer in [ada, bob] {
        plainly().unless_eq(peer.gets().await, format!("ada: {words}"));
    }
}

#[test]
fn a_line_may_come_in_pieces() {
    run(async {
        chats_work().await;
        let house = House::opens(RULES);
        let (mut ada, mut bob) = two(&house).await;
        // While others talk, and not at a border of letters either.
        let line = "SAY größer\n".as_bytes();
        for piece in line.chunks(3) {
            bob.sends(piece).await;
            if !piece.ends_with(b"\n") {
                ada_is_heard(&mut ada, &mut bob, "tick").await;
            }
        }
        for peer in [&mut ada, &mut bob] {
            blame("cancel-loses-partial-read").unless_eq(peer.gets().await, "bob: größer");
        }
        // Several of them in a piece, and half a line more.
        bob.sends("SAY one\nSAY two\nSAY thr").await;
        for words in ["bob: one", "bob: two"] {
            plainly().unless_eq(ada.gets().await, words);
            plainly().unless_eq(bob.gets().await, words);
        }
        ada_is_heard(&mut ada, &mut bob, "tick").await;
        bob.sends("ee\n").await;
        blame("cancel-loses-partial-read").unless_eq(ada.gets().await, "bob: three");
    });
}

#[test]
fn whatever_else_a_client_sends_is_answered() {
    run(async {
        let house = House::opens(RULES);
        let mut bob = house.member("bob").await;
        let mut ada = house.lets_in("ada");
        for line in ["SAY too early", "nick ada", "NICK", "NICK ", "NICK a b", "", "QUIT now"] {
            ada.sends(format!("{line}\n")).await;
            plainly().unless_eq(ada.gets().await, "WHAT");
        }
        ada.sends(b"NICK \xff\n").await;
        plainly().unless_eq(ada.gets().await, "WHAT");
        ada.sends("NICK bob\n").await;
        plainly().unless_eq(ada.gets().await, "TAKEN bob");
        // Without a name one does not hear what others say, nor later with one.
        let mut eve = house.lets_in("eve");
        sleep(ms(1)).await;
        bob.sends("SAY who is there?\n").await;
        plainly().unless_eq(bob.gets().await, "bob: who is there?");
        for unnamed in [&mut ada, &mut eve] {
            plainly().unless_eq(unnamed.gets().await, NOTHING);
            unnamed.takes_name().await;
        }
        for second in ["NICK kim\n", "NICK bob\n"] {
            ada.sends(second).await;
            plainly().unless_eq(ada.gets().await, "WHAT");
        }
        house.member("kim").await;
        for words in ["", " NICK kim", "\r"] {
            ada_is_heard(&mut ada, &mut bob, words).await;
            plainly().unless_eq(eve.gets().await, format!("ada: {words}"));
        }
        // One may quit without a name.
        let mut unnamed = house.lets_in("unnamed");
        unnamed.sends("QUIT\n").await;
        plainly().unless_eq(unnamed.gets().await, "BYE");
        plainly().unless_eq(unnamed.gets().await, THE_END);
        // Nothing of that was for anybody else, nor was what came before the name.
        plainly().unless_eq(bob.gets().await, NOTHING);
    });
}

#[test]
fn two_ask_for_a_name_at_the_same_moment() {
    run(async {
        chats_work().await;
        let house = House::opens(RULES);
        // Their lines hold so little that an answer has to wait until they read it.
        let mut peers = [(); 2].map(|()| house.lets_in_with("ada", 4, false));
        let [one, other] = &mut peers;
        join!(one.sends("NICK ada\n"), other.sends("NICK ada\n"));
        let mut answers = [one.gets().await, other.gets().await];
        answers.sort();
        let both = answers.iter().all(|answer| answer == "WELCOME ada");
        blame("read-await-write").unless(!both);
        plainly().unless_eq(answers, ["TAKEN ada", "WELCOME ada"]);
    });
}

#[test]
fn all_hear_the_same_in_the_same_order() {
    run(async {
        chats_work().await;
        let house = House::opens(RULES);
        let mut peers = Vec::new();
        for name in ["ada", "bob", "eve"] {
            peers.push(house.member_with(name, 24).await);
        }
        let talks = peers.into_iter().map(|peer| async move {
            let (reads, mut writes) = split(peer.line.into_inner());
            let says = async {
                for number in 0..10 {
                    writes.write_all(format!("SAY {number}\n").as_bytes()).await.expect("a line");
                }
            };
            let hears = async {
                let mut heard = Vec::new();
                let mut lines = BufReader::new(reads).lines();
                while let Ok(Ok(Some(line))) = timeout(secs(1), lines.next_line()).await {
                    heard.push(line);
                }
                heard
            };
            join!(says, hears).1
        });
        let heard = futures::future::join_all(talks).await;
        plainly().unless_eq(heard[0].len(), 3 * 10);
        plainly().unless_eq(&heard[1], &heard[0]);
        plainly().unless_eq(&heard[2], &heard[0]);
        // Whoever says something says it in order.
        let of_ada = heard[0].iter().filter_map(|line| line.strip_prefix("ada: "));
        let in_order: Vec<String> = (0..10).map(|number| number.to_string()).collect();
        plainly().unless_eq(of_ada.collect::<Vec<_>>(), in_order);
    });
}

/// Two who talk, and one whose line holds little, and who does not read it.
async fn with_a_slow_one() -> (House, Peer, Peer, Peer) {
    let house = House::opens(Rules { backlog: BACKLOG, ..RULES });
    let (ada, bob) = two(&house).await;
    let slow = house.member_with("slow", 48).await;
    (house, ada, bob, slow)
}

const BACKLOG: usize = 16;

/// Ada says so many numbers, and bob hears each of them at once.
async fn ada_counts(ada: &mut Peer, bob: &mut Peer, numbers: std::ops::Range<usize>) {
    for number in numbers {
        start_over();
        ada.sends(format!("SAY {number}\n")).await;
        for peer in [&mut *ada, &mut *bob] {
            let heard = peer.gets().await;
            let check = blame("lock-serialises-work").because("slow-client", &[]);
            check.unless(heard != NOTHING);
            plainly().unless_eq(heard, format!("ada: {number}"));
        }
        sleep(ms(1)).await;
    }
    start_over();
}

#[test]
fn a_slow_client_is_in_nobodys_way() {
    run(async {
        chats_work().await;
        let (house, mut ada, mut bob, _slow) = with_a_slow_one().await;
        ada_counts(&mut ada, &mut bob, 0..200).await;
        // Nor is it in the way of who comes and goes.
        let mut eve = house.member("eve").await;
        eve.sends("QUIT\n").await;
        plainly().unless_eq(eve.gets().await, "BYE");
        house.member("eve").await;
    });
}

/// All that comes now.
async fn all_of_it(peer: &mut Peer) -> Vec<String> {
    let mut lines = Vec::new();
    loop {
        match peer.gets().await {
            line if line == NOTHING => return lines,
            line => {
                blame("broadcast-lag-as-close").unless(line != THE_END);
                lines.push(line);
            }
        }
    }
}

/// These lines are all of ada's numbers from `next` on, in order, but for those of which
/// they say in their place that they were lost. Gives how many came, and the number that
/// comes next.
fn accounted(lines: &[String], mut next: usize) -> (usize, usize) {
    let mut came = 0;
    for line in lines {
        match line.strip_prefix("LAGGED ").and_then(|count| count.parse::<usize>().ok()) {
            Some(count) => next += count,
            None => {
                let check = plainly().because("slow-client-misses", &[]);
                check.unless_eq(line, &format!("ada: {next}"));
                next += 1;
                came += 1;
            }
        }
    }
    (came, next)
}

#[test]
fn a_slow_client_is_told_what_it_has_missed() {
    run(async {
        chats_work().await;
        let (_house, mut ada, mut bob, mut slow) = with_a_slow_one().await;
        // As long as it is not too slow it misses nothing.
        ada_counts(&mut ada, &mut bob, 0..BACKLOG).await;
        let lines = all_of_it(&mut slow).await;
        plainly().unless_eq(accounted(&lines, 0), (BACKLOG, BACKLOG));
        // And twice, as it stays.
        let mut next = BACKLOG;
        for all in [300, 500] {
            ada_counts(&mut ada, &mut bob, next..all).await;
            let mut lines = all_of_it(&mut slow).await;
            // Some more are on their way.
            blame("unbounded-queue").unless(lines.len() <= 2 * BACKLOG + 16);
            // Where the newest are lost, it is told now.
            ada_counts(&mut ada, &mut bob, all..all + 1).await;
            lines.extend(all_of_it(&mut slow).await);
            let (came, then) = accounted(&lines, next);
            plainly().because("slow-client-misses", &[]).unless_eq(then, all + 1);
            plainly().unless(came > BACKLOG);
            next = then;
        }
    });
}

#[test]
fn answers_pile_up_no_more_than_lines() {
    run(async {
        chats_work().await;
        let (_house, mut ada, mut bob, mut slow) = with_a_slow_one().await;
        // For as long as anybody takes it.
        slow.sends("?\n".repeat(2_000)).await;
        ada_is_heard(&mut ada, &mut bob, "who is that?").await;
        start_over();
        let lines = all_of_it(&mut slow).await;
        // What is on the way in either direction comes on top.
        blame("unbounded-queue").unless(lines.len() < 200);
        plainly().unless(lines.iter().any(|line| line == "WHAT"));
    });
}

#[test]
fn who_leaves_in_the_middle_of_a_line_is_gone() {
    lab().spin_means("eof-spin").stuck_means("eof-spin").run(async {
        chats_work().await;
        for breaks in [false, true] {
            let house = House::opens(RULES);
            let (mut ada, mut bob) = two(&house).await;
            let mut eve = house.lets_in_with("eve", ROOM, breaks);
            eve.takes_name().await;
            eve.sends("SAY I wanted to").await;
            drop(eve);
            sleep(ms(1)).await;
            blame("one-failure-kills-all").unless(!house.served.is_finished());
            plainly().unless_eq(bob.gets().await, NOTHING);
            ada_is_heard(&mut ada, &mut bob, "eve is gone").await;
            // Somebody else may have the name.
            let mut other = house.lets_in("other");
            other.sends("NICK eve\n").await;
            let answer = other.gets().await;
            blame("close-forgotten").unless(answer != "TAKEN eve");
            plainly().unless_eq(answer, "WELCOME eve");
            // One without a name leaves as well.
            drop(house.lets_in_with("nobody", ROOM, breaks));
            sleep(ms(1)).await;
            ada_is_heard(&mut ada, &mut bob, "all are gone").await;
        }
    });
}

#[test]
fn a_line_that_is_too_long_is_the_last_one() {
    run(async {
        chats_work().await;
        let house = House::opens(Rules { longest: 24, ..RULES });
        let (mut ada, mut bob) = two(&house).await;
        // As long as allowed, with the whole of it in one piece or not.
        let words = "x".repeat(20);
        ada_is_heard(&mut ada, &mut bob, &words).await;
        ada.sends("SAY ").await;
        sleep(ms(1)).await;
        ada.sends(&words).await;
        plainly().unless_eq(bob.gets().await, NOTHING);
        ada.sends("\n").await;
        for peer in [&mut ada, &mut bob] {
            plainly().unless_eq(peer.gets().await, format!("ada: {words}"));
        }
        // Many lines in one piece are not a long one.
        ada.sends("SAY hm\n".repeat(10)).await;
        for peer in [&mut ada, &mut bob] {
            for _ in 0..10 {
                blame("short-read-assumed").unless_eq(peer.gets().await, "ada: hm");
            }
        }
        // One byte more, and it does not matter whether there is an end to it. Nor does
        // what comes after the last line, whichever that is.
        let too_long = format!("SAY {words}x");
        for (last, end) in [
            (&*too_long, ""),
            (&*too_long, "\n"),
            (&*too_long, "\nSAY more\n"),
            ("QUIT", "\nSAY more\n"),
        ] {
            let mut eve = house.member("eve").await;
            eve.sends(format!("{last}{end}")).await;
            plainly().unless_eq(eve.gets().await, "BYE");
            plainly().unless_eq(eve.gets().await, THE_END);
            plainly().unless_eq(bob.gets().await, NOTHING);
        }
    });
}

/// How long it took until a client was sent away. It sends these, one every five seconds.
async fn sent_away(peer: Peer, pieces: &[&str]) -> Duration {
    let start = Instant::now();
    let visit = span(peer.name);
    let (reads, mut writes) = split(peer.line.into_inner());
    let says = async {
        for piece in pieces {
            sleep(secs(5)).await;
            // Perhaps nobody is there any more.
            let _ = writes.write_all(piece.as_bytes()).await;
        }
    };
    let hears = async {
        let (mut lines, mut last) = (BufReader::new(reads).lines(), String::new());
        while let Ok(Ok(Some(line))) = timeout(secs(3_600), lines.next_line()).await {
            last = line;
        }
        drop(visit);
        (last, start.elapsed())
    };
    let ((), (last, time)) = join!(says, hears);
    plainly().unless_eq((last.as_str(), time < secs(3_600)), ("BYE", true));
    time
}

#[test]
fn a_silent_client_is_sent_away() {
    run(async {
        chats_work().await;
        let house = House::opens(Rules { idle: secs(60), ..RULES });
        let unnamed = house.lets_in("unnamed");
        let ada = house.member("ada").await;
        // It does not matter what one says, but that there is an end to it.
        let says = sent_away(ada, &[".", "WHO\n", ".", "."]);
        let (ada, unnamed) = join!(says, sent_away(unnamed, &[]));
        plainly().unless_eq(unnamed, secs(60));
        took(ada)
            .slower_means("timer-recreated-in-loop")
            .faster_means("timeout-wrong-scope")
            .should_be(secs(10 + 60));
        // What others say does not matter at all.
        let (ada, bob) = (house.member("ada").await, house.member("bob").await);
        start_over();
        let (ada, bob) = join!(sent_away(ada, &["SAY tick\n"; 30]), sent_away(bob, &["."; 8]));
        took(bob).slower_means("timer-recreated-in-loop").should_be(secs(60));
        took(ada).faster_means("timeout-wrong-scope").should_be(secs(30 * 5 + 60));
    });
}

/// What makes a client be sent away: it says nothing, it quits, its line is too long.
const LAST: [&str; 3] = ["", "QUIT\n", "SAY what is longer than allowed"];

/// Where that has this effect.
const STRICT: Rules = Rules { longest: 24, backlog: BACKLOG, idle: secs(60), ..RULES };

/// The client sends that, and is sent away.
async fn is_sent_away(peer: &mut Peer, last: &str) {
    match last {
        "" => sleep(STRICT.idle).await,
        last => peer.sends(last).await,
    }
}

/// What comes before the end, and what the end is.
async fn last_words(peer: &mut Peer) -> (Vec<String>, String) {
    let mut lines = Vec::new();
    loop {
        match peer.gets().await {
            line if [THE_END, NOTHING, "BYE"].contains(&&*line) => return (lines, line),
            line => lines.push(line),
        }
    }
}

#[test]
fn who_is_sent_away_gets_what_was_said_before() {
    run(async {
        chats_work().await;
        for last in LAST {
            start_over();
            let house = House::opens(STRICT);
            let (mut ada, mut bob) = two(&house).await;
            let mut slow = house.member_with("slow", 48).await;
            ada_counts(&mut ada, &mut bob, 0..BACKLOG).await;
            is_sent_away(&mut slow, last).await;
            let (lines, end) = last_words(&mut slow).await;
            blame("shutdown-drops-work").unless_eq(accounted(&lines, 0), (BACKLOG, BACKLOG));
            plainly().unless_eq(end, "BYE");
            plainly().unless_eq(slow.gets().await, THE_END);
        }
    });
}

#[test]
fn who_does_not_take_its_last_words_does_not_get_them() {
    run(async {
        chats_work().await;
        for last in LAST {
            start_over();
            let house = House::opens(STRICT);
            let (mut ada, mut bob) = two(&house).await;
            // Its line holds the first answer, and hardly more.
            let mut slow = house.lets_in_with("slow", 14, false);
            slow.sends("NICK slow\n").await;
            sleep(ms(1)).await;
            if last.is_empty() {
                ada_counts(&mut ada, &mut bob, 0..3).await;
            }
            is_sent_away(&mut slow, last).await;
            sleep(STRICT.grace + ms(1)).await;
            // So its name is free.
            let mut other = house.lets_in("other");
            other.sends("NICK slow\n").await;
            blame("timeout-wrong-scope").unless_eq(other.gets().await, "WELCOME slow");
            plainly().unless_eq(slow.gets().await, "WELCOME slow");
            blame("timeout-wrong-scope").unless_eq(slow.gets().await, THE_END);
        }
    });
}

#[test]
fn a_door_that_sticks_is_tried_again() {
    run(async {
        chats_work().await;
        let mut house = House::opens(RULES);
        let (mut ada, mut bob) = two(&house).await;
        let mut leaving = [(); 3].map(|()| house.lets_in("somebody"));
        sleep(ms(1)).await;
        (0..3).for_each(|_| house.door_sticks());
        let mut eve = house.lets_in("eve");
        for somebody in &mut leaving {
            sleep(PAUSE / 2).await;
            blame("one-failure-kills-all").unless(!house.served.is_finished());
            ada_is_heard(&mut ada, &mut bob, "the door sticks").await;
            // Somebody leaves in the middle of the pause.
            somebody.sends("QUIT\n").await;
            sleep(PAUSE / 2).await;
        }
        eve.takes_name().await;
        let pauses = house.pauses();
        blame("busy-wake").unless(pauses.iter().all(|pause| *pause >= PAUSE));
        plainly().unless_eq(pauses, [PAUSE; 3]);
        // A stop in the middle of a pause is heard at once.
        start_over();
        house.door_sticks();
        sleep(PAUSE / 2).await;
        let start = Instant::now();
        house.stops();
        if timeout(secs(3_600), &mut house.served).await.is_ok() {
            took(start.elapsed()).should_be(secs(0));
        }
    });
}

#[test]
fn a_stop_is_a_bye_for_all() {
    run(async {
        chats_work().await;
        let mut house = House::opens(RULES);
        let (mut ada, mut bob) = two(&house).await;
        let mut unnamed = house.lets_in("unnamed");
        ada_is_heard(&mut ada, &mut bob, "it is late").await;
        bob.sends("SAY and I have only be").await;
        sleep(secs(5)).await;
        house.stops();
        let ended = timeout(ms(1), &mut house.served).await;
        // Who has returned at once and who never does: both have forgotten the others.
        for peer in [&mut ada, &mut bob, &mut unnamed] {
            blame("shutdown-drops-work").unless_eq(peer.gets().await, "BYE");
            plainly().unless_eq(peer.gets().await, THE_END);
        }
        nothing_is_left(ended.ok()).await;
        let mut late = house.lets_in("late");
        late.sends("NICK late\n").await;
        plainly().unless_eq(late.gets().await, THE_END);
    });
}

/// It has returned, and nothing goes on.
async fn nothing_is_left(ended: Option<Result<usize, JoinError>>) {
    let ended = ended.and_then(Result::ok);
    plainly().because("does-not-end", &[]).unless(ended.is_some());
    no_tasks_were_left(ended.unwrap_or_default()).await;
}

#[test]
fn what_was_said_before_the_stop_is_heard() {
    run(async {
        chats_work().await;
        let (mut house, mut ada, mut bob, mut slow) = with_a_slow_one().await;
        ada_counts(&mut ada, &mut bob, 0..100).await;
        house.stops();
        // All others may go.
        for peer in [&mut ada, &mut bob] {
            blame("shutdown-drops-work").unless_eq(peer.gets().await, "BYE");
            plainly().unless_eq(peer.gets().await, THE_END);
        }
        let mut late = house.lets_in("late");
        late.sends("NICK late\n").await;
        // It begins to read when its grace is nearly over.
        sleep(RULES.grace - secs(4)).await;
        blame("shutdown-drops-work").unless(!house.served.is_finished());
        let (lines, end) = last_words(&mut slow).await;
        blame("shutdown-drops-work").unless_eq(end, "BYE");
        let (came, next) = accounted(&lines, 0);
        blame("shutdown-drops-work").unless(came >= BACKLOG);
        plainly().unless(next <= 100);
        plainly().unless_eq(slow.gets().await, THE_END);
        nothing_is_left(timeout(ms(1), house.served).await.ok()).await;
        plainly().unless_eq(late.gets().await, THE_END);
    });
}

#[test]
fn nobody_holds_up_the_end_for_longer_than_the_grace() {
    run(async {
        chats_work().await;
        let (mut house, mut ada, mut bob, mut slow) = with_a_slow_one().await;
        let _other = house.member_with("other", 48).await;
        ada_counts(&mut ada, &mut bob, 0..100).await;
        let start = Instant::now();
        house.stops();
        for peer in [&mut ada, &mut bob] {
            plainly().unless_eq(peer.gets().await, "BYE");
        }
        // That one takes a little now and then does not make its grace any longer.
        let takes_a_little = async {
            loop {
                sleep(RULES.grace - secs(1)).await;
                let _ = slow.line.get_mut().read(&mut [0; 8]).await;
            }
        };
        let ended = tokio::select! {
            ended = timeout(secs(3_600), &mut house.served) => ended,
            () = takes_a_little => unreachable!("it goes on and on"),
        };
        if ended.is_ok() {
            took(start.elapsed())
                .slower_means("timeout-wrong-scope")
                .faster_means("shutdown-drops-work")
                .should_be(RULES.grace);
        }
        nothing_is_left(ended.ok()).await;
    });
}

#[test]
fn a_stop_is_heard_while_somebody_talks_all_the_time() {
    lab().spin_means("biased-starvation").stuck_means("biased-starvation").run(async {
        chats_work().await;
        let mut house = House::opens(RULES);
        let peer = house.member("ada").await;
        let (reads, mut writes) = split(peer.line.into_inner());
        let said = Arc::new(Notify::new());
        let talks = async {
            let mut count = 0;
            // No longer than a test can wait for it.
            while count < 4_000 && writes.write_all(b"SAY and then\n").await.is_ok() {
                count += 1;
                if count == 500 {
                    said.notify_one();
                }
            }
            count
        };
        let hears = async {
            let mut lines = BufReader::new(reads).lines();
            while let Ok(Some(_)) = lines.next_line().await {}
        };
        let stops = async {
            said.notified().await;
            house.stops();
        };
        let all = async { join!(talks, hears, stops).0 };
        let count = timeout(secs(60), all).await;
        blame("biased-starvation").unless(count.is_ok_and(|count| count < 3_000));
    });
}

#[test]
fn whoever_drops_it_drops_it_all() {
    run(async {
        chats_work().await;
        let (house, mut ada, mut bob, mut slow) = with_a_slow_one().await;
        ada_counts(&mut ada, &mut bob, 0..50).await;
        let unnamed = house.lets_in("unnamed");
        sleep(ms(1)).await;
        house.served.abort();
        // What was aborted may need a turn.
        sleep(ms(1)).await;
        blame("dropped-handle-detaches").unless_eq(alive_tasks(), 0);
        for mut peer in [ada, bob, unnamed] {
            blame("dropped-handle-detaches").unless_eq(peer.gets().await, THE_END);
        }
        while slow.gets().await.starts_with("ada") {}
        plainly().unless_eq(slow.gets().await, THE_END);
    });
}

#[test]
fn while_nobody_says_anything_it_sleeps() {
    run(async {
        chats_work().await;
        let (_house, mut ada, mut bob, _slow) = with_a_slow_one().await;
        ada_counts(&mut ada, &mut bob, 0..50).await;
        stays_asleep().await;
        ada_is_heard(&mut ada, &mut bob, "still there").await;
    });
}
