//! Instruments that watch a future.
//!
//! A test of this kit never asks a real clock whether a future finished in
//! time. It runs the future on a virtual clock and watches what it does: how
//! often it is polled, whom it wakes, what it drops, which tasks it leaves
//! behind. So a verdict is exact, comes at once, is the same every time, and
//! can say *why*.
//!
//! Every test is one call:
//!
//! ```no_run
//! # use kit::*;
//! # async fn gather(_: &[(&str, std::time::Duration)]) -> Vec<String> { vec![] }
//! // A test function holds nothing but this.
//! run(async {
//!     let requests = [("user", secs(2)), ("order", secs(3))];
//!     let (pages, time) = timed(gather(&requests)).await;
//!     took(time).should_be(secs(3));
//!     blame("result-order-mixup").unless_eq(pages.len(), 2);
//! });
//! ```
//!
//! | instrument | here | what it proves |
//! | --- | --- | --- |
//! | virtual clock | [`run`], [`timed`], [`took`] | in sequence or at once; a blocked thread shows as no time at all |
//! | virtual deadline | [`run`], [`Lab::hang_means`] | a future that nobody will wake, found in microseconds |
//! | time-out | [`in_time`], [`not_forgotten`], [`outcome`] | what nobody has woken, where a test waits for a while |
//! | mock task | [`mock`], [`mock_stream`] | laziness, `Pending` and `Ready`, who is woken |
//! | turns | [`settled`], [`asked_again`], [`by_hand`] | an answer that goes in steps is polled until it waits |
//! | timetable | [`arriving`] | a stream whose items come at known moments |
//! | due item | [`due`] | that a stream's item comes in time, and who is to wake its task |
//! | counting waker | [`counting_waker`], [`inline_waker`] | which waker is kept, how often it fires |
//! | strict future | [`strict`], [`gate`], [`strict_stream`] | never moved after the first poll, never polled after the end |
//! | poll cap | [`run`], [`Lab::spin_means`], [`until_ended`] | waiting by being polled again and again |
//! | cancel sweep | [`sweep`] | what is left when the future is dropped at any await |
//! | drop tally, event log | [`Tally`], [`Log`] | leaks, exactly-once, order |
//! | quiet drop | [`drops_quietly`], [`drops_anywhere`] | a `Drop` that cannot run here, and panics |
//! | nap | [`falls_asleep`] | a `poll` or a `Drop` that waits, be it for a moment |
//! | alive tasks | [`alive_tasks`], [`no_tasks_left`], [`no_tasks_were_left`] | tasks that outlive their owner |
//! | idle thread | [`got_up`], [`stays_asleep`] | tasks that look again and again, where they could be woken |
//! | clock moved by hand | [`jumps`] | a test that jumps over the timers |
//! | a task's panic | [`tell_panic`] | why something never comes, where nobody looks at the handle |
//! | off-executor probe | [`no_block`], [`off_executor`] | heavy work on the executor's thread |
//! | lock probe | [`lock_is_free`] | a guard held across an await |
//! | played network | [`fake::Selector::plays`], [`fake::asleep`] | where a loop sleeps, for how long, and what ends it |
//! | alarm, early wake | [`alarm`], [`early_wake`] | an executor that sleeps until it is woken, and hears every wake |
//! | main that stays awake | [`awake`], [`Lab::alone`] | a loop of one's own: who waits in vain, who never gets a turn |
//! | trial of a suite | [`capture`] | whether tests that a learner wrote pass, fail or hang |
//! | collision | [`collide`], [`race`], [`narrow_wakes`] | two threads at the same thing at the same instant |
//! | another thread | [`elsewhere`] | that an answer may change threads, and whom it holds up |
//! | patience | [`patience`] | what only a second thread can show, without a deadline |
//! | scripted I/O | [`scripted`] | short reads, split lines, end of file |
//! | type gate | [`require_send`] and its kin | bounds that an answer must meet |
//! | trace | [`span`], [`traced`], [`note`], [`trace`], [`start_over`] | the whole schedule, and the picture of it |
//!
//! Behind them stands a watchdog, for what no virtual clock can see: a thread
//! that sleeps, that loops, that waits for what cannot come. A right answer never
//! meets it.

mod afresh;
mod alarm;
mod arriving;
mod awake;
mod blame;
mod blocking;
mod clock;
mod collide;
mod cores;
mod drops;
mod due;
mod effort;
mod elsewhere;
pub mod fake;
mod gates;
pub mod given;
mod got_up;
mod in_time;
mod jumps;
mod lock;
mod log;
mod mock;
mod narrow;
mod patience;
mod probe;
mod reader;
mod recorder;
mod run;
mod settled;
mod span;
mod still;
mod strict;
mod sweep;
mod tally;
mod tasks;
mod tell_panic;
mod until_ended;
mod waker;
mod watchdog;

pub use afresh::start_over;
pub use alarm::{Alarm, EarlyWake, alarm, early_wake};
pub use arriving::arriving;
pub use awake::{AwakeMain, FirstTask, awake};
pub use blame::{Blame, blame, plainly};
pub use blocking::{NoBlock, no_block, off_executor};
pub use clock::{Took, ms, secs, timed, took};
pub use collide::{collide, race};
pub use drops::{drops_anywhere, drops_quietly};
pub use due::due;
pub use effort::falls_asleep;
pub use elsewhere::{Elsewhere, elsewhere};
pub use gates::{require_send, require_static, require_sync, require_unpin};
pub use got_up::{got_up, stays_asleep};
pub use in_time::{in_time, not_forgotten, outcome};
pub use jumps::{Jumps, jumps};
pub use lock::lock_is_free;
pub use log::Log;
pub use mock::{Mock, MockStream, mock, mock_stream};
pub use narrow::{Ending, narrow_wakes};
pub use patience::patience;
pub use recorder::{capture, panic_words, trace};
pub use run::{Lab, drive, lab, paused_runtime, run, run_sync};
pub use settled::{ByHand, LentFuture, asked_again, by_hand, settled};
pub use span::{Span, Traced, note, span, traced};
pub use strict::{Opener, Strict, StrictStream, StrictWatch, gate, strict, strict_stream};
pub use sweep::{Cut, sweep};
pub use tally::{Tally, Token};
pub use tasks::{alive_tasks, no_tasks_left, no_tasks_were_left};
pub use tell_panic::tell_panic;
pub use until_ended::until_ended;
pub use waker::{WakeCount, counting_waker, inline_waker, poll_with};

/// Readers and writers that follow a script: `Builder::new().read(b"ab")…`.
pub use tokio_test::io as scripted;
