//! Points in hundredths: whole numbers, so that sums come out even.

/// Hundredths of a point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cents(pub u64);

/// Hundredths of a percent in the whole.
pub(super) const WHOLE: u32 = 10_000;

/// The most that one exercise may be worth: far from where a float rounds.
pub(super) const MOST: f64 = 1_000_000.0;

impl Cents {
    /// None for what no exercise can be worth: negative, not a number, or more
    /// than [`MOST`].
    pub fn of(points: f64) -> Option<Self> {
        let fits = (0.0..=MOST).contains(&points);
        fits.then(|| Cents((points * 100.0).round() as u64))
    }

    /// `part` of `whole` of it, rounded half up. Nothing of a whole that is
    /// nothing.
    pub fn share(self, part: u64, whole: u64) -> Self {
        if whole == 0 {
            return Cents(0);
        }
        let (all, part, whole) = (u128::from(self.0), u128::from(part), u128::from(whole));
        // Never more than all of it, so it fits.
        Cents(((2 * all * part.min(whole) + whole) / (2 * whole)) as u64)
    }

    /// As points.
    pub fn points(self) -> f64 {
        self.0 as f64 / 100.0
    }
}

/// Hundredths of a percent. None for what is no part of a whole.
pub(super) fn percent(percent: f64) -> Option<u32> {
    (0.0..=100.0).contains(&percent).then(|| (percent * 100.0).round() as u32)
}

/// Points as people write them: `12`, `7.5`, `0.25`. Sums of marks are right
/// to the hundredth, whatever the floats between did.
pub fn shown(points: f64) -> String {
    let text = format!("{:.2}", (points * 100.0).round() / 100.0);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_half_up_to_the_hundredth() {
        // Points, part, whole, share.
        let table = [
            (10.0, 1, 3, 3.33),
            (10.0, 2, 3, 6.67),
            (0.01, 1, 2, 0.01),
            (1.01, 1, 2, 0.51),
            (2.01, 1, 200, 0.01),
            (0.99, 1, 200, 0.0),
            (15.0, 3, 3, 15.0),
            (15.0, 9, 3, 15.0),
            (15.0, 0, 3, 0.0),
            (15.0, 1, 0, 0.0),
            (MOST, u64::MAX, u64::MAX, MOST),
        ];
        for (points, part, whole, share) in table {
            let got = Cents::of(points).unwrap().share(part, whole).points();
            assert_eq!(got, share, "{part}/{whole} of {points}");
        }
    }

    #[test]
    fn what_is_no_number_of_points_is_none() {
        for points in [-0.01, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, MOST + 1.0] {
            assert_eq!(Cents::of(points), None, "{points}");
        }
        for part in [-1.0, 100.5, f64::NAN] {
            assert_eq!(percent(part), None, "{part}");
        }
        assert_eq!(percent(2.5), Some(250));
    }

    #[test]
    fn points_are_written_without_needless_digits() {
        let table = [(12.0, "12"), (7.5, "7.5"), (0.25, "0.25"), (0.1 + 0.2, "0.3"), (0.0, "0")];
        for (points, text) in table {
            assert_eq!(shown(points), text);
        }
        assert_eq!(shown(-0.001), "0");
        assert_eq!(shown(100.0), "100");
    }
}
