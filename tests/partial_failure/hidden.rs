//! The rest of the contract: instants, panics, limits, edges, and what is left behind.

use std::fmt::Debug;
use std::panic::{panic_any, resume_unwind};

use exercise::partial_failure::{Failure, all_or_nothing, best_effort, quorum};
use kit::{Cut, blame, ms, no_tasks_left, plainly, secs, sweep};
use tokio::time::sleep;

use crate::visible::How::{Fire, Good, Shut};
use crate::visible::{
    Call, Crowd, Ended, HOURS, How, IsShut, Page, Panic, Plan, all_is, all_of, counted, ended,
    judge, none_live, quorum_is, quorum_of, report_is, report_of, stays_inside, watched, words,
};

/// More than a hundred jobs, the last of which is done first.
fn many() -> Vec<(&'static str, u64, How)> {
    let after = |n: usize| (MANY - 1 - n) as u64;
    (0..MANY).map(|n| (["a", "b", "c", "d"][n % 4], 60 + 3 * after(n), Good)).collect()
}

const MANY: usize = 132;

#[test]
fn all_results_of_none_or_a_hundred_jobs() {
    watched().run(async {
        all_is(&[], Ok(vec![]), 0).await;
        all_is(&[("Oslo", 0, Good)], Ok(vec!["Oslo"]), 0).await;
        // Some are done in the first poll, and some at the same instant.
        let plan = [("Oslo", 0, Good), ("Rome", 2, Good), ("Cairo", 2, Good), ("Lima", 0, Good)];
        all_is(&plan, Ok(vec!["Oslo", "Rome", "Cairo", "Lima"]), 2).await;
        let plan = many();
        let names = plan.iter().map(|(name, ..)| *name).collect();
        all_is(&plan, Ok(names), plan[0].1).await;
        // However long it takes.
        let plan = [("Oslo", HOURS, Good), ("Rome", 1, Good)];
        all_is(&plan, Ok(vec!["Oslo", "Rome"]), HOURS).await;
    });
}

#[test]
fn the_first_error_by_time_ends_it_at_once() {
    watched().run(async {
        // In the last place; after others have ended; before another error.
        let plan = [("Oslo", 3, Good), ("Rome", HOURS, Good), ("Cairo", 2, Shut)];
        all_is(&plan, Err(IsShut("Cairo")), 2).await;
        let plan = [("Oslo", 1, Good), ("Rome", 4, Shut), ("Cairo", 7, Good), ("Lima", 2, Good)];
        all_is(&plan, Err(IsShut("Rome")), 4).await;
        let plan = [("Oslo", 5, Shut), ("Rome", HOURS, Good), ("Cairo", 2, Shut)];
        all_is(&plan, Err(IsShut("Cairo")), 2).await;
        // In the first poll.
        let plan = [("Oslo", HOURS, Good), ("Rome", 0, Shut), ("Cairo", 1, Good)];
        all_is(&plan, Err(IsShut("Rome")), 0).await;
    });
}

/// Checks that the panic of Rome comes out, at its instant.
async fn burns<T: Debug>(who: &str, plan: &Plan, crowd: &Crowd, call: Call<'_, T>) {
    let Ended { told, end } = ended(who, crowd, call).await;
    match told {
        Ok(told) => {
            blame("swallowed-join-error").unless_eq(format!("{told:?}"), "a panic: fire in Rome");
        }
        Err(panic) if words(&panic).contains("not yet implemented") => resume_unwind(panic),
        Err(panic) => {
            let said = words(&panic);
            plainly()
                .because("panic-lost", &[("words", &"fire in Rome"), ("said", &said)])
                .unless(said == "fire in Rome");
        }
    }
    let at = plan.iter().find(|(_, _, how)| *how == Fire).map_or(0, |(_, time, _)| *time);
    end.waited_for(plan, at, "join-then-question-mark");
    plainly().unless_eq(end.time, secs(at));
    end.nothing_is_left(crowd).await;
}

#[test]
fn a_panic_comes_out_of_all_or_nothing_and_of_quorum() {
    watched().run(async {
        let plans: [&Plan; 3] = [
            &[("Oslo", 1, Good), ("Rome", 2, Fire), ("Cairo", 5, Good), ("Lima", 4, Good)],
            &[("Oslo", HOURS, Good), ("Cairo", 4, Good), ("Rome", 2, Fire)],
            &[("Rome", 0, Fire), ("Oslo", HOURS, Good)],
        ];
        for plan in plans {
            let crowd = Crowd::new();
            let call = Box::pin(all_or_nothing(crowd.jobs(plan)));
            burns("all_or_nothing", plan, &crowd, call).await;
            // Even if there could still be enough results.
            let crowd = Crowd::new();
            let call = Box::pin(quorum(crowd.jobs(plan), plan.len() - 1));
            burns("quorum", plan, &crowd, call).await;
        }
        // What a panic carries need not be words.
        let crowd = Crowd::new();
        let job = || vec![crowd.job("Rome", async { panic_any(404_u32) })];
        let call = Box::pin(all_or_nothing(job()));
        carries_a_number(ended("all_or_nothing", &crowd, call).await.told);
        let call = Box::pin(quorum(job(), 1));
        carries_a_number(ended("quorum", &crowd, call).await.told);
    });
}

/// Checks that a panic with the number 404 came out.
fn carries_a_number<T: Debug>(told: Result<T, Panic>) {
    let Err(panic) = told else { blame("swallowed-join-error").now() };
    plainly()
        .because("panic-lost", &[("words", &"404_u32"), ("said", &words(&panic))])
        .unless(panic.downcast_ref() == Some(&404_u32));
}

#[test]
fn however_many_fail_the_report_is_whole() {
    watched().run(async {
        report_is(&[], 4).await;
        report_is(&[("Oslo", 1, Fire)], 4).await;
        // All kinds at once, before and after each other.
        let plan = [
            ("Oslo", 3, Fire),
            ("Rome", 3, Shut),
            ("Cairo", 3, Good),
            ("Lima", 9, Good),
            ("Quito", 0, Fire),
            ("Bern", 1, Good),
            ("Paris", 0, Shut),
            ("Bonn", 2, Good),
            ("Riga", 0, Good),
            ("Kiel", 9, Fire),
        ];
        report_is(&plan, 4).await;
        report_is(&[("Oslo", 2, Shut), ("Rome", 1, Shut)], 4).await;
        report_is(&many(), HOURS).await;
    });
}

#[test]
fn what_a_panic_carried_is_in_the_report() {
    watched().run(async {
        let crowd = Crowd::new();
        let jobs = vec![
            crowd.job("Oslo", async { panic!("fire in the cellar") }),
            crowd.job("Rome", async { panic_any(404_u32) }),
            crowd.job("Cairo", async { Ok("Cairo") }),
        ];
        let call = Box::pin(best_effort(jobs, secs(1)));
        let ended = ended("best_effort", &crowd, call).await;
        if let Err(panic) = &ended.told {
            stays_inside(panic);
        }
        let (report, _) = ended.given();
        plainly().unless_eq(&report.done, &vec![(2, Page("Cairo"))]);
        let panics: Vec<_> = report
            .failed
            .iter()
            .filter_map(|(_, why)| match why {
                Failure::Panicked(panic) => Some(panic),
                _ => None,
            })
            .collect();
        blame("swallowed-join-error").unless_eq(panics.len(), 2);
        let text = panics[0].downcast_ref::<&str>().copied();
        plainly()
            .because("panic-changed", &[("words", &"fire in the cellar")])
            .unless(text == Some("fire in the cellar"));
        let number = panics[1].downcast_ref::<u32>().copied();
        plainly().because("panic-changed", &[("words", &"404_u32")]).unless(number == Some(404));
    });
}

#[test]
fn each_job_has_the_whole_limit_and_no_more() {
    watched().run(async {
        // Nobody's limit begins when somebody else is done.
        let plan = [
            ("Oslo", 3, Good),
            ("Rome", 5, Good),
            ("Cairo", 2, Shut),
            ("Lima", 6, Fire),
            ("Quito", HOURS, Shut),
            ("Bern", 1, Good),
        ];
        report_is(&plan, 4).await;
        report_is(&[("Oslo", 7_000, Good), ("Rome", HOURS, Good)], 7_200).await;
        // Nobody waits for a limit when all are done.
        report_is(&[("Oslo", 3, Good), ("Rome", 1, Good)], 100).await;
        // No time at all is not enough.
        report_is(&[("Oslo", 1, Good), ("Rome", 2, Shut)], 0).await;
        // The time before the first poll does not count.
        let crowd = Crowd::new();
        let call = Box::pin(best_effort(crowd.jobs(&plan), secs(4)));
        sleep(secs(100)).await;
        crowd.begun.should_be(&[], "eager-before-poll");
        let ended = ended("best_effort", &crowd, call).await;
        blame("eager-before-poll").unless(!ended.end.time.is_zero());
        judge(&crowd, &plan, 4, ended).await;
    });
}

#[test]
fn the_quorum_waits_for_nobody_else() {
    counted().run(async {
        let plan =
            [("Oslo", HOURS, Good), ("Rome", 3, Good), ("Cairo", 1, Good), ("Lima", 4, Good)];
        quorum_is(&plan, 1, Ok(vec!["Cairo"]), 1).await;
        quorum_is(&plan, 2, Ok(vec!["Cairo", "Rome"]), 3).await;
        quorum_is(&plan, 3, Ok(vec!["Cairo", "Rome", "Lima"]), 4).await;
        quorum_is(&plan, 4, Ok(vec!["Cairo", "Rome", "Lima", "Oslo"]), HOURS).await;
        // Errors before it, as many as may be.
        let plan = [("Oslo", 1, Shut), ("Rome", 6, Good), ("Cairo", 2, Shut), ("Lima", 4, Good)];
        quorum_is(&plan, 2, Ok(vec!["Lima", "Rome"]), 6).await;
        // In the first poll.
        let plan = [("Oslo", HOURS, Good), ("Rome", 0, Good), ("Cairo", HOURS, Shut)];
        quorum_is(&plan, 1, Ok(vec!["Rome"]), 0).await;
        // Two at the same instant: either of them, and no more.
        let plan = [("Oslo", 0, Good), ("Rome", 2, Good), ("Cairo", 0, Shut), ("Lima", 2, Good)];
        let crowd = Crowd::new();
        let call = Box::pin(quorum(crowd.jobs(&plan), 2));
        let (told, end) = ended("quorum", &crowd, call).await.given();
        plainly().unless_eq((told.map(|results| results.len()), end.time), (Ok(2), secs(2)));
        // Of many, the last one in the list comes first.
        quorum_is(&many(), 2, Ok(vec!["d", "c"]), 63).await;
    });
}

#[test]
fn the_quorum_gives_up_when_it_has_become_impossible() {
    counted().run(async {
        let plan =
            [("Oslo", HOURS, Good), ("Rome", 4, Shut), ("Cairo", 3, Good), ("Lima", 2, Shut)];
        quorum_is(&plan, 4, Err(vec![IsShut("Lima")]), 2).await;
        quorum_is(&plan, 3, Err(vec![IsShut("Lima"), IsShut("Rome")]), 4).await;
        // All fail, and the last one decides.
        let plan = [("Oslo", 3, Shut), ("Rome", 1, Shut), ("Cairo", 2, Shut)];
        let errors = ["Rome", "Cairo", "Oslo"].map(IsShut).into();
        quorum_is(&plan, 1, Err(errors), 3).await;
        // In the first poll.
        let plan = [("Oslo", HOURS, Good), ("Rome", 0, Shut)];
        quorum_is(&plan, 2, Err(vec![IsShut("Rome")]), 0).await;
    });
}

#[test]
fn a_quorum_of_nobody_or_of_too_many_is_decided_at_once() {
    counted().run(async {
        let plan = [("Oslo", HOURS, Good), ("Rome", 2, Shut)];
        quorum_is(&plan, 0, Ok(vec![]), 0).await;
        quorum_is(&[], 0, Ok(vec![]), 0).await;
        quorum_is(&[], 1, Err(vec![]), 0).await;
        quorum_is(&plan, 3, Err(vec![]), 0).await;
        quorum_is(&plan, usize::MAX, Err(vec![]), 0).await;
    });
}

#[test]
fn polls_for_nothing_change_nothing() {
    watched().run(async {
        let nudged = || {
            let mut crowd = Crowd::new();
            crowd.nudged = true;
            crowd
        };
        let plan = [("Oslo", 5, Good), ("Rome", 3, Good), ("Cairo", 4, Shut), ("Lima", 8, Shut)];
        all_of(&nudged(), &plan[..2], Ok(vec!["Oslo", "Rome"]), 5).await;
        all_of(&nudged(), &plan, Err(IsShut("Cairo")), 4).await;
        report_of(&nudged(), &plan, 6).await;
        quorum_of(&nudged(), &plan, 2, Ok(vec!["Rome", "Oslo"]), 5).await;
        quorum_of(&nudged(), &plan, 3, Err(["Cairo", "Lima"].map(IsShut).into()), 8).await;
    });
}

/// Drops a call half-way, and looks for what it has left behind.
async fn cut_off<T>(cut: &mut Cut, crowd: &Crowd, call: Call<'_, T>) {
    if cut.polls() == 0 {
        // Nobody polls it for a while: tasks of its own would use that time.
        sleep(secs(10)).await;
        crowd.begun.should_be(&[], "eager-before-poll");
        no_tasks_left("eager-before-poll");
    }
    cut.run(call).await;
    sleep(ms(1)).await;
    none_live(crowd.live(), "dropped-handle-detaches");
    no_tasks_left("dropped-handle-detaches");
}

#[test]
fn dropped_half_way_it_takes_its_jobs_along() {
    watched().run(async {
        // In the middle of the work, or of what there is to do when that has ended early.
        let all: &Plan = &[("Oslo", 3, Good), ("Rome", 1, Good), ("Cairo", 2, Good)];
        let early: &Plan = &[("Oslo", 3, Good), ("Rome", 1, Shut), ("Cairo", 2, Good)];
        for (plan, each, need) in [(all, secs(60), 3), (early, ms(1_500), 1)] {
            sweep(async |cut| {
                let crowd = Crowd::new();
                let call = Box::pin(all_or_nothing(crowd.jobs(plan)));
                cut_off(cut, &crowd, call).await;
            })
            .await;
            sweep(async |cut| {
                let crowd = Crowd::new();
                let call = Box::pin(best_effort(crowd.jobs(plan), each));
                cut_off(cut, &crowd, call).await;
            })
            .await;
            sweep(async |cut| {
                let crowd = Crowd::new();
                let call = Box::pin(quorum(crowd.jobs(plan), need));
                cut_off(cut, &crowd, call).await;
            })
            .await;
        }
    });
}
