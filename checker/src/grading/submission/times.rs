//! Times at which something was handed in.

use std::fs::Metadata;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// 1980-01-01: where the calendar of zip archives begins, and what stands in
/// those without times.
const EARLIEST: i64 = 315_532_800;
/// 2101-01-01.
const LATEST: i64 = 4_133_980_800;

/// Whether a file may be of that time. Clocks that were never set, and times
/// that were thought up, may not.
pub(in crate::grading) fn believable(time: Timestamp) -> bool {
    EARLIEST < time.as_second() && time.as_second() < LATEST
}

/// Reads a time as instructors write it: RFC 3339, or `2026-01-31 23:59`, with
/// seconds or without, in UTC.
pub(in crate::grading) fn read(text: &str) -> Option<Timestamp> {
    let formats = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"];
    let civil = formats.iter().find_map(|format| DateTime::strptime(format, text).ok());
    match civil {
        Some(civil) => civil.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp()),
        None => text.parse().ok(),
    }
}

/// When a file was last changed.
pub(super) fn of_file(metadata: &Metadata) -> Option<Timestamp> {
    metadata.modified().ok().and_then(|time| Timestamp::try_from(time).ok())
}

/// A time of day in a zip archive, taken as UTC.
pub(super) fn of_zip(time: zip::DateTime) -> Option<Timestamp> {
    let [month, day] = [time.month(), time.day()].map(|n| i8::try_from(n).ok());
    let [hour, minute, second] =
        [time.hour(), time.minute(), time.second()].map(|n| i8::try_from(n).ok());
    let year = i16::try_from(time.year()).ok()?;
    let civil = DateTime::new(year, month?, day?, hour?, minute?, second?, 0).ok()?;
    civil.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

/// Seconds since 1970, as tar archives have it.
pub(super) fn of_seconds(seconds: u64) -> Option<Timestamp> {
    i64::try_from(seconds).ok().and_then(|s| Timestamp::from_second(s).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_instructors_write_them() {
        let cases = [
            ("2026-01-31T23:59:59Z", "2026-01-31T23:59:59Z"),
            ("2026-01-31T23:59:59+02:00", "2026-01-31T21:59:59Z"),
            ("2026-01-31 23:59", "2026-01-31T23:59:00Z"),
            ("2026-01-31 23:59:07", "2026-01-31T23:59:07Z"),
        ];
        for (written, meant) in cases {
            assert_eq!(read(written), Some(meant.parse().unwrap()), "{written}");
        }
        for written in ["", "yesterday", "2026-01-31", "31.1.2026 10:00", "2026-02-30 10:00"] {
            assert_eq!(read(written), None, "{written}");
        }
    }

    #[test]
    fn clocks_that_were_never_set_are_not_believed() {
        let cases = [
            ("1970-01-01T00:00:00Z", false),
            ("1980-01-01T00:00:00Z", false),
            ("1980-01-01T00:00:01Z", true),
            ("2100-12-31T23:59:59Z", true),
            ("2101-01-01T00:00:00Z", false),
        ];
        for (time, expected) in cases {
            assert_eq!(believable(time.parse().unwrap()), expected, "{time}");
        }
        assert_eq!(of_seconds(u64::MAX), None);
    }
}
