//! What an attempt is worth. Whatever is in doubt is worth nothing.

use record::Fact;

use super::due::lateness;
use super::points::{Cents, WHOLE, shown};
use super::{Course, Credit, Graded};
use crate::grading::model::{Attempt, AttemptOutcome, Mark};
use crate::verdict::{self, Status, Verdict};

impl Course {
    /// What the attempt is worth. Only what passed counts; what could not be
    /// checked is worth nothing and says that it is to be done again.
    pub fn mark(&self, attempt: &Attempt) -> Mark {
        let Some(graded) = self.graded(&attempt.exercise) else {
            return mark(Cents(0), Cents(0), Cents(0), None, vec![Fact::new("course-not-graded")]);
        };
        let max = graded.max;
        let nothing = |reasons| mark(Cents(0), max, Cents(0), None, reasons);
        let verdict = match &attempt.outcome {
            AttemptOutcome::Missing => return nothing(vec![Fact::new("course-missing")]),
            AttemptOutcome::Waiting => return nothing(vec![Fact::new("course-waiting")]),
            AttemptOutcome::Refused(why) => {
                return nothing(vec![Fact::new("course-refused"), why.clone()]);
            }
            AttemptOutcome::Checked(verdict) => verdict,
        };
        let (earned, mut reasons) = self.earned(graded, verdict);
        let Some(due) = &graded.due else { return mark(earned, max, earned, None, reasons) };
        let days = self.extensions.get(&attempt.student).copied().unwrap_or(0);
        let lateness = lateness(self.late, due, days, attempt.submitted, earned);
        // Where there is nothing to lose, nobody need read about it.
        if earned > Cents(0) {
            reasons.extend(lateness.reasons);
        }
        mark(lateness.left, max, earned, lateness.seconds, reasons)
    }

    fn earned(&self, graded: &Graded, verdict: &Verdict) -> (Cents, Vec<Fact>) {
        let none = |key| (Cents(0), vec![Fact::new(key)]);
        if verdict.exercise != graded.name || verdict.version > verdict::VERSION {
            return none("course-to-be-regraded");
        }
        match verdict.status {
            Status::Internal | Status::Cancelled => return none("course-to-be-regraded"),
            Status::NotStarted => return none("course-not-started"),
            _ if verdict.untouched => return none("course-not-started"),
            Status::DoesNotCompile => return none("course-does-not-compile"),
            Status::Passed | Status::Failed | Status::Hung | Status::Crashed => {}
        }
        let all = graded.checks.len();
        let passed: Vec<_> = graded.checks.iter().filter(|c| c.passed(verdict)).collect();
        let whole = passed.len() == all && all > 0;
        if verdict.status == Status::Passed && whole {
            return (graded.max, Vec::new());
        }
        if verdict.status == Status::Passed {
            // It claims to have passed, and lacks a test of this kit.
            return none("course-to-be-regraded");
        }
        let compiles = graded.max.share(u64::from(self.partial.compiles), u64::from(WHOLE));
        let weight = |w: u32| u64::from(w);
        let earned = match self.partial.credit {
            Credit::AllOrNothing => Cents(0),
            Credit::Weights => {
                let sum: u64 = graded.checks.iter().map(|c| weight(c.weight)).sum();
                graded.max.share(passed.iter().map(|c| weight(c.weight)).sum(), sum)
            }
        };
        // However the weights are: what did not pass is not worth all of it.
        let most = Cents(graded.max.0.saturating_sub(1));
        let earned = earned.max(compiles).min(most);
        let key = match self.partial.credit {
            Credit::Weights => "course-some-passed",
            Credit::AllOrNothing => "course-not-all-passed",
        };
        let fact = Fact::new(key).with("passed", passed.len()).with("all", all);
        let mut reasons = vec![fact];
        if earned == compiles && compiles > Cents(0) {
            reasons.push(Fact::new("course-compiles").with("points", shown(compiles.points())));
        }
        (earned, reasons)
    }
}

fn mark(points: Cents, max: Cents, earned: Cents, late: Option<u64>, reasons: Vec<Fact>) -> Mark {
    Mark {
        points: points.points(),
        max: max.points(),
        earned: earned.points(),
        late_seconds: late,
        reasons,
    }
}

#[cfg(test)]
mod tests;
