//! The rest of the contract: what is kept when it is dropped, and how it ends.

use std::io::ErrorKind;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use exercise::lines_in_select::{LineReader, pump};
use futures::future::{Either, select};
use kit::{Blame, Tally, blame, ms, no_tasks_left, plainly, secs, sweep};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};

use crate::visible::{
    Pieces, Script, Step, Task, Wire, all_lines, are_whole, came, ended, next, pumped, run_pump,
    taking, ticking, watched,
};

/// Checks lines that were dropped half-way now and then.
fn nothing_lost(got: &[String], wanted: &[&str]) {
    let bytes = |length: usize, line: &str| length + line.len();
    let (left, all) =
        (got.iter().map(String::as_str).fold(0, bytes), wanted.iter().copied().fold(0, bytes));
    if left < all {
        blame("cancel-loses-partial-read").unless_eq(got, wanted);
    }
    are_whole(got, wanted);
}

/// All lines until the end, asked for in turns of this length.
async fn in_turns(lines: &mut LineReader<Wire>, turn: Duration, most: usize) -> Vec<String> {
    let mut got = Vec::new();
    for _ in 0..1_000 {
        if got.len() == most {
            break;
        }
        let asked: Task<_> = Box::pin(lines.next_line());
        match timeout(turn, asked).await {
            Err(_) => continue, // dropped
            Ok(Ok(Some(line))) => got.push(line),
            Ok(_) => break,
        }
    }
    got
}

#[test]
fn dropped_at_any_await_next_line_loses_nothing() {
    watched().run(async {
        let pieces =
            [(100, "on"), (200, "e\ntw"), (300, "o"), (400, "\nth"), (500, "ree"), (700, "")];
        let wanted = ["one", "two", "three"];
        // First without that.
        all_lines(&mut LineReader::new(Wire::of(&pieces)), &wanted).await;
        sweep(async |cut| {
            let mut lines = LineReader::new(Wire::of(&pieces));
            let asked: Task<_> = Box::pin(lines.next_line());
            let first = cut.run(asked).await.and_then(Result::ok).flatten();
            let mut got: Vec<String> = first.into_iter().collect();
            while let Ok(Some(line)) = next(&mut lines).await {
                got.push(line);
            }
            nothing_lost(&got, &wanted);
        })
        .await;
        // Again and again, in the middle of every line.
        for turn in [30, 70, 110, 250] {
            let mut lines = LineReader::new(Wire::of(&pieces));
            nothing_lost(&in_turns(&mut lines, ms(turn), 6).await, &wanted);
        }
    });
}

#[test]
fn a_letter_may_come_in_two_pieces() {
    watched().run(async {
        let text = "größe ✓\n🦀\nende";
        let wanted = ["größe ✓", "🦀", "ende"];
        for apart in [0, 100] {
            let wire = || {
                let moments = (1..).map(|n| n * apart);
                Wire::of_bytes(moments.zip(text.as_bytes().chunks(1)))
            };
            let mut lines = LineReader::new(wire());
            let first = next(&mut lines).await;
            if first.is_err() {
                blame("short-read-assumed").unless_eq(&first, &Ok(Some(wanted[0].to_owned())));
            }
            are_whole(first.ok().flatten().as_slice(), &wanted[..1]);
            all_lines(&mut lines, &wanted[1..]).await;
            nothing_lost(&in_turns(&mut LineReader::new(wire()), ms(170), 6).await, &wanted);
        }
    });
}

#[test]
fn a_line_may_be_of_any_length() {
    watched().run(async {
        for length in [10, 70_000] {
            let text = format!("{}\nend", "x".repeat(length));
            let pieces = text.as_bytes().chunks(3_000).map(|piece| (0, piece));
            let mut lines = LineReader::new(Wire::of_bytes(pieces));
            let line = next(&mut lines).await.map(|line| line.map(|line| line.len()));
            plainly().unless_eq(line, Ok(Some(length)));
            all_lines(&mut lines, &["end"]).await;
        }
    });
}

#[test]
fn the_end_comes_once_and_for_all() {
    watched().run(async {
        // Without an end of line, with one, with an empty line, and with nothing at all.
        let inputs: [(&Pieces, &[&str]); 5] = [
            (&[(100, "one"), (300, "")], &["one"]),
            (&[(100, "one\n"), (300, "")], &["one"]),
            (&[(100, "\n\n"), (300, "")], &["", ""]),
            (&[(300, "")], &[]),
            (&[], &[]),
        ];
        for (pieces, wanted) in inputs {
            let mut lines = LineReader::new(Wire::of(pieces));
            all_lines(&mut lines, wanted).await;
            for _ in 0..3 {
                blame("eof-spin").unless_eq(next(&mut lines).await, Ok(None));
            }
            let got = pumped(Wire::of(pieces), &[(200, Step::Tick)]).await;
            plainly().unless_eq(got.result, Ok(()));
            all_there(&got.events, wanted, usize::from(!pieces.is_empty()), &plainly());
        }
    });
}

#[test]
fn an_error_of_the_reader_is_passed_on() {
    watched().run(async {
        let wire = || Wire::of(&[(100, "one\n")]).that_fails(ErrorKind::ConnectionReset);
        let mut lines = LineReader::new(wire());
        plainly().unless_eq(next(&mut lines).await, Ok(Some("one".to_owned())));
        plainly().unless_eq(next(&mut lines).await, Err(ErrorKind::ConnectionReset));
        let got = pumped(wire(), &[]).await;
        plainly().unless_eq(got.result, Err(ErrorKind::ConnectionReset));
        came(&got.events, &["one"], plainly());

        // Both lines are there, and the second one finds no place for a while.
        let wire =
            Wire::of(&[(100, "one\n"), (100, "two\n")]).that_fails(ErrorKind::ConnectionReset);
        let mut lines = LineReader::new(wire);
        let (mut ticks, player) = ticking(&[]);
        let (out, taker) = taking(1, ms(1_300));
        let (result, _) = run_pump(&mut lines, &mut ticks, &out, None).await;
        drop(out);
        player.abort();
        let (events, _) = taker.await.unwrap_or_default();
        plainly().unless_eq(result, Err(ErrorKind::ConnectionReset));
        came(&events, &["one", "two"], blame("cancel-loses-unsent-item"));
    });
}

#[test]
fn without_ticks_the_lines_go_on() {
    watched().run(async {
        let minutes = |minutes: u64| 60_000 * minutes;
        let pieces = [(minutes(20), "one\nt"), (minutes(60), "wo\n"), (minutes(120), "three")];
        all_lines(&mut LineReader::new(Wire::of(&pieces)), &["one", "two", "three"]).await;
        let scripts: [(&Script, &[&str]); 3] = [
            (&[(0, Step::NoMore)], &["one", "two", "three"]),
            (
                &[(minutes(40), Step::Tick), (minutes(40), Step::NoMore)],
                &["one", "tick", "two", "three"],
            ),
            // They never come, and never end.
            (&[], &["one", "two", "three"]),
        ];
        for (script, wanted) in scripts {
            let got = pumped(Wire::of(&pieces), script).await;
            plainly().unless_eq((got.result, got.time), (Ok(()), ms(minutes(120))));
            came(&got.events, wanted, plainly());
            let begun = [20, 60, 120].map(|minute| ms(minutes(minute)));
            let times = got.times.iter().zip(&got.events).filter(|(_, event)| *event != "tick");
            plainly().unless_eq(times.map(|(time, _)| *time).collect::<Vec<_>>(), begun);
        }
    });
}

/// Checks that each line came, in order, and each tick, also if nobody can tell in
/// which order they came to each other.
fn all_there(got: &[String], lines: &[&str], ticks: usize, missing: &Blame) {
    let ([mut got_lines, mut got_ticks], tick) = ([vec![], vec![]], "tick");
    for event in got {
        if event == tick { &mut got_ticks } else { &mut got_lines }.push(event.clone());
    }
    came(&got_lines, lines, missing.clone());
    came(&got_ticks, &vec![tick; ticks], missing.clone());
}

const LINES: [&str; 6] = ["one", "two", "three", "four", "five", "six"];

/// Lines that come one at a time, or two, or half of one.
fn six_lines() -> Wire {
    let pieces = [
        (1_000, "one\ntw"),
        (2_000, "o\nthree\n"),
        (3_000, "fo"),
        (4_000, "ur\n"),
        (5_000, "five\ns"),
        (6_000, "ix"),
    ];
    Wire::of(&pieces)
}

const TICKS: [(u64, Step); 5] = [
    (500, Step::Tick),
    (1_500, Step::Tick),
    (2_500, Step::Tick),
    (3_500, Step::Tick),
    (5_500, Step::Tick),
];

#[test]
fn a_full_channel_loses_nothing() {
    watched().run(async {
        all_lines(&mut LineReader::new(six_lines()), &LINES).await;
        // Whoever takes them is quicker than they come, a little slower, and far slower.
        for rest in [ms(0), ms(1_300), secs(100)] {
            for places in [1, 2] {
                let mut lines = LineReader::new(six_lines());
                let (mut ticks, player) = ticking(&TICKS);
                let (out, taker) = taking(places, rest);
                let (result, _) = run_pump(&mut lines, &mut ticks, &out, None).await;
                drop(out);
                player.abort();
                let (events, _) = taker.await.unwrap_or_default();
                plainly().unless_eq(result, Ok(()));
                // At the end of the lines there may be ticks that nobody has taken yet.
                all_there(
                    &events,
                    &LINES,
                    TICKS.len() - ticks.len(),
                    &blame("cancel-loses-unsent-item"),
                );
            }
        }
    });
}

/// Lines, and ticks, far more than should wait anywhere on their way.
const MANY: usize = 100;

#[test]
fn a_full_channel_makes_it_wait() {
    watched().run(async {
        let moments = 1..=MANY as u64;
        let wire = Wire::of_bytes(moments.clone().map(|moment| (moment, &b"line\n"[..])));
        let read = wire.read.clone();
        let mut lines = LineReader::new(wire);
        let script: Vec<_> = moments.map(|moment| (moment, Step::Tick)).collect();
        let (mut ticks, player) = ticking(&script);
        // One place, and what stands there is not taken, but for once.
        let (out, mut events) = mpsc::channel(1);
        let task: Task<_> = Box::pin(pump(&mut lines, &mut ticks, &out));
        let once: Task<_> = Box::pin(async {
            sleep(ms(4_300)).await;
            let taken = events.recv().await.is_some();
            sleep(ms(1)).await;
            let at_once = events.len();
            sleep(secs(6)).await;
            (taken, at_once, events.len())
        });
        let Either::Right((came, _)) = select(Box::pin(ended("pump", None, task)), once).await
        else {
            plainly().because("not-true", &[("what", &"pump waits")]).now()
        };
        // Who looks for a place now and then finds it late.
        let what = "what waits for a place has it as soon as there is one";
        blame("busy-wake").because("not-true", &[("what", &what)]).unless(came != (true, 0, 1));
        plainly().unless_eq(came, (true, 1, 1));
        for (what, taken) in [("lines", read.load(SeqCst)), ("ticks", MANY - ticks.len())] {
            let what = format!("of {MANY} {what}, most are left; {taken} were taken");
            blame("unbounded-queue")
                .because("not-true", &[("what", &what)])
                .unless(taken <= MANY / 2);
        }
        player.abort();
    });
}

#[test]
fn dropped_at_any_await_pump_loses_nothing() {
    watched().run(async {
        all_lines(&mut LineReader::new(six_lines()), &LINES).await;
        for rest in [ms(0), ms(1_300), secs(20)] {
            sweep(async |cut| {
                let mut lines = LineReader::new(six_lines());
                let (mut ticks, player) = ticking(&TICKS);
                let (out, taker) = taking(1, rest);
                let first: Task<_> = Box::pin(pump(&mut lines, &mut ticks, &out));
                let mut result = cut.run(first).await.map(|result| result.is_ok());
                if result.is_none() {
                    // Some time in which nobody pumps.
                    sleep(ms(700)).await;
                    let (again, _) = run_pump(&mut lines, &mut ticks, &out, None).await;
                    result = Some(again.is_ok());
                }
                drop(out);
                player.abort();
                let (events, _) = taker.await.unwrap_or_default();
                plainly().unless_eq(result, Some(true));
                all_there(
                    &events,
                    &LINES,
                    TICKS.len() - ticks.len(),
                    &blame("cancel-loses-unsent-item"),
                );
            })
            .await;
        }
    });
}

#[test]
fn it_ends_when_nobody_receives() {
    watched().run(async {
        // What comes at 1 s and at 3 s are lines, or ticks.
        let lines: &Pieces = &[(1_000, "one\n"), (3_000, "two\n"), (5_000, "three\n"), HOURS];
        let ticks: &Script = &[(1_000, Step::Tick), (3_000, Step::Tick), (5_000, Step::Tick)];
        for (pieces, script) in [(lines, &[][..]), (&[HOURS], ticks)] {
            // Nobody is there from the beginning, or from 1.5 s on.
            for gone in [0, 1_500] {
                let mut lines = LineReader::new(Wire::of(pieces));
                let (mut ticks, player) = ticking(script);
                let (out, events) = mpsc::channel(10);
                if gone == 0 {
                    drop(events);
                } else {
                    tokio::spawn(async move {
                        sleep(ms(gone)).await;
                        drop(events);
                    });
                }
                let (result, time) = run_pump(&mut lines, &mut ticks, &out, None).await;
                let last = if gone == 0 { secs(1) } else { secs(3) };
                blame("zombie-producer")
                    .because(
                        "ended-late",
                        &[("took", &seconds(time)), ("expected", &seconds(last))],
                    )
                    .unless(time <= last);
                plainly().unless_eq(result, Ok(()));
                player.abort();
            }
        }
    });
}

/// The end, long after all that a test waits for.
const HOURS: (u64, &str) = (7_200_000, "");

/// Seconds, as a person reads them.
fn seconds(time: Duration) -> String {
    format!("{}s", time.as_secs_f64())
}

#[test]
fn a_dropped_line_reader_takes_its_reader_along() {
    watched().run(async {
        let readers = Tally::of("readers");
        for polled in [false, true] {
            let wire = Wire::of(&[(100, "one\nt"), (7_200_000, "wo")]).with(readers.token());
            let mut lines = LineReader::new(wire);
            if polled {
                let got = in_turns(&mut lines, ms(500), 1).await;
                plainly().unless_eq(got, ["one"]);
                let half: Task<_> = Box::pin(lines.next_line());
                let dropped = timeout(ms(500), ended("next_line", None, half)).await;
                plainly().unless(dropped.is_err());
            }
            drop(lines);
            // Time for the runtime to drop what was aborted, and for nothing else.
            sleep(ms(1)).await;
            readers.should_live(0, "dropped-handle-detaches");
            no_tasks_left("dropped-handle-detaches");
        }
    });
}
