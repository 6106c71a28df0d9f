//! Dates, and what being late costs.

use jiff::{SignedDuration, Span, Timestamp, Zoned};
use record::Fact;
use record::timeline::seconds;

use super::points::{Cents, WHOLE};

/// When an exercise is due. It keeps its time zone: three days more end at the
/// same time of day, also when the clocks change in between.
pub(super) type Due = Zoned;

/// The most days that an extension may give: ten years.
pub(super) const MOST_DAYS: u32 = 3650;

const DAY: i128 = 24 * 60 * 60 * 1_000_000_000;

/// A date with its time zone, or at least with its distance to UTC.
pub(super) fn parse(text: &str) -> Result<Due, jiff::Error> {
    let due = match text.parse::<Due>() {
        Ok(due) => due,
        Err(error) => match text.parse::<Timestamp>() {
            Ok(instant) => instant.to_zoned(jiff::tz::TimeZone::UTC),
            Err(_) => return Err(error),
        },
    };
    // So that no extension can run over the end of the calendar later.
    due.checked_add(Span::new().days(i64::from(MOST_DAYS)))?;
    Ok(due)
}

/// What being late costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Late {
    /// So many minutes do not count.
    pub grace_minutes: u32,
    /// Taken from what was earned for each day begun, in hundredths of a
    /// percent.
    pub(super) per_day: u32,
    /// Never more than this is taken, in hundredths of a percent; None: all of
    /// it may be.
    pub(super) at_most: Option<u32>,
    /// Later than so many days it is worth nothing.
    pub refuse_after_days: Option<u32>,
}

/// How late something was, and what is left of its points.
pub(super) struct Lateness {
    pub left: Cents,
    /// Whole seconds begun; None: in time.
    pub seconds: Option<u64>,
    pub reasons: Vec<Fact>,
}

/// What `earned` is worth, handed in at `submitted`, due at `due` with
/// `extension` days more.
pub(super) fn lateness(
    late: Late,
    due: &Due,
    extension: u32,
    submitted: Option<Timestamp>,
    earned: Cents,
) -> Lateness {
    let in_time = |reasons| Lateness { left: earned, seconds: None, reasons };
    let Some(submitted) = submitted else {
        return in_time(vec![Fact::new("course-no-time")]);
    };
    // Both were checked when the file was read.
    let end = due.checked_add(Span::new().days(i64::from(extension)));
    let end = end.map_or_else(|_| due.timestamp(), |end| end.timestamp());
    let over = submitted.as_nanosecond() - end.as_nanosecond();
    if over <= 0 {
        let spared = submitted > due.timestamp();
        let fact = Fact::new("course-extension").with("days", extension);
        return in_time(if spared { vec![fact] } else { Vec::new() });
    }
    let whole = u64::try_from(ceil(over, 1_000_000_000)).unwrap_or(u64::MAX);
    let seconds = Some(whole);
    let past_grace = over - i128::from(late.grace_minutes) * 60_000_000_000;
    if past_grace <= 0 {
        let fact = Fact::new("course-grace").with("late", said(whole));
        return Lateness { left: earned, seconds, reasons: vec![fact] };
    }
    let days = u64::try_from(ceil(past_grace, DAY)).unwrap_or(u64::MAX);
    let fact = |key| Fact::new(key).with("late", said(whole)).with("days", days);
    if late.refuse_after_days.is_some_and(|most| days > u64::from(most)) {
        return Lateness { left: Cents(0), seconds, reasons: vec![fact("course-too-late")] };
    }
    let taken = u64::from(late.per_day).saturating_mul(days);
    let taken = taken.min(u64::from(late.at_most.unwrap_or(WHOLE)));
    let left = earned.share(u64::from(WHOLE).saturating_sub(taken), u64::from(WHOLE));
    let key = if taken == 0 { "course-late-free" } else { "course-late" };
    let percent = super::points::shown(taken as f64 / 100.0);
    Lateness { left, seconds, reasons: vec![fact(key).with("percent", percent)] }
}

fn ceil(a: i128, b: i128) -> i128 {
    (a + b - 1) / b
}

/// A stretch of time as people say it: the two largest units.
pub(super) fn said(secs: u64) -> String {
    let (days, hours, minutes) = (secs / 86_400, secs / 3_600 % 24, secs / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => seconds(SignedDuration::from_secs(secs.min(60) as i64).unsigned_abs()),
        (0, 0, m) => format!("{m} min"),
        (0, h, 0) => format!("{h} h"),
        (0, h, m) => format!("{h} h {m} min"),
        (d, 0, _) => format!("{d} d"),
        (d, h, _) => format!("{d} d {h} h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DUE: &str = "2026-12-01T23:59:00+01:00[Europe/Berlin]";

    fn late() -> Late {
        Late { grace_minutes: 15, per_day: 1_000, at_most: Some(5_000), refuse_after_days: None }
    }

    fn judged(late: Late, extension: u32, submitted: &str) -> (f64, Option<u64>, Vec<String>) {
        let due: Due = DUE.parse().unwrap();
        let at = submitted.parse().unwrap();
        let judged = lateness(late, &due, extension, Some(at), Cents(1_000));
        let keys = judged.reasons.into_iter().map(|f| f.key).collect();
        (judged.left.points(), judged.seconds, keys)
    }

    #[test]
    fn every_day_begun_after_the_grace_costs() {
        let refuse = Late { refuse_after_days: Some(2), ..late() };
        let free = Late { per_day: 0, ..late() };
        // Due at 22:59 UTC. What is left of ten points, seconds, the reason.
        let table = [
            (late(), 0, "2026-12-01T22:59:00Z", 10.0, None, ""),
            (late(), 0, "2026-11-01T00:00:00Z", 10.0, None, ""),
            (late(), 0, "2026-12-01T22:59:00.001Z", 10.0, Some(1), "course-grace"),
            (late(), 0, "2026-12-01T23:14:00Z", 10.0, Some(900), "course-grace"),
            (late(), 0, "2026-12-01T23:14:01Z", 9.0, Some(901), "course-late"),
            (late(), 0, "2026-12-02T23:14:00Z", 9.0, Some(87_300), "course-late"),
            (late(), 0, "2026-12-02T23:14:00.5Z", 8.0, Some(87_301), "course-late"),
            (late(), 0, "2026-12-31T00:00:00Z", 5.0, Some(2_509_260), "course-late"),
            (late(), 0, "9999-01-01T00:00:00Z", 5.0, Some(251_574_598_860), "course-late"),
            (late(), 3, "2026-12-04T22:59:00Z", 10.0, None, "course-extension"),
            (late(), 3, "2026-12-04T23:30:00Z", 9.0, Some(1_860), "course-late"),
            (refuse, 0, "2026-12-03T23:14:00Z", 8.0, Some(173_700), "course-late"),
            (refuse, 0, "2026-12-03T23:14:01Z", 0.0, Some(173_701), "course-too-late"),
            (free, 0, "2026-12-05T00:00:00Z", 10.0, Some(262_860), "course-late-free"),
        ];
        for (late, extension, at, left, seconds, key) in table {
            let keys: Vec<String> = (!key.is_empty()).then(|| key.to_owned()).into_iter().collect();
            assert_eq!(judged(late, extension, at), (left, seconds, keys), "{at}");
        }
    }

    #[test]
    fn an_extension_ends_at_the_same_time_of_day_when_the_clocks_change() {
        let due: Due = "2026-10-24T23:59:00+02:00[Europe/Berlin]".parse().unwrap();
        let lateness = |at: &str| {
            super::lateness(late(), &due, 2, Some(at.parse().unwrap()), Cents(1_000)).seconds
        };
        // From then on Berlin is one hour behind UTC instead of two.
        assert_eq!(lateness("2026-10-26T22:59:00Z"), None);
        assert_eq!(lateness("2026-10-26T22:59:01Z"), Some(1));
    }

    #[test]
    fn without_a_time_it_is_in_time_and_says_so() {
        let due: Due = DUE.parse().unwrap();
        let judged = lateness(late(), &due, 0, None, Cents(1_000));
        assert_eq!((judged.left, judged.seconds), (Cents(1_000), None));
        assert_eq!(judged.reasons[0].key, "course-no-time");
    }

    #[test]
    fn stretches_of_time_are_said_in_two_units() {
        let table = [(1, "1s"), (59, "59s"), (60, "1 min"), (3_600, "1 h"), (5_400, "1 h 30 min")];
        for (secs, text) in table {
            assert_eq!(said(secs), text);
        }
        assert_eq!((said(90_000), said(172_800)), ("1 d 1 h".into(), "2 d".into()));
        assert_eq!(said(u64::MAX), "213503982334601 d 7 h");
    }
}
