//! `course.toml` as it is typed. Every value keeps its place in the file, so
//! that a mistake can be shown.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

/// Values by a name, each with its place.
pub(super) type Named<T> = BTreeMap<Spanned<String>, Spanned<T>>;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sheet {
    /// The course's name.
    pub title: Option<Spanned<String>>,
    /// Numbers of chapters; only their exercises are graded.
    pub chapters: Option<Vec<Spanned<u32>>>,
    /// By exercise.
    #[serde(default)]
    pub points: Named<f64>,
    /// By exercise, then by test, case or group.
    #[serde(default)]
    pub weights: BTreeMap<Spanned<String>, Named<u32>>,
    /// By exercise, number of a chapter, or `default`.
    #[serde(default)]
    pub due: Named<String>,
    #[serde(default)]
    pub late: LateSheet,
    /// By student.
    #[serde(default)]
    pub extensions: BTreeMap<String, Extension>,
    #[serde(default)]
    pub partial: PartialSheet,
    #[serde(default)]
    pub limits: LimitsSheet,
    #[serde(default)]
    pub policy: PolicySheet,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LateSheet {
    pub grace_minutes: Option<Spanned<u32>>,
    pub per_day_percent: Option<Spanned<f64>>,
    pub at_most_percent: Option<Spanned<f64>>,
    pub refuse_after_days: Option<Spanned<u32>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Extension {
    pub days: Spanned<u32>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PartialSheet {
    pub credit: Option<CreditSheet>,
    pub compile_only_percent: Option<Spanned<f64>>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum CreditSheet {
    Weights,
    AllOrNothing,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LimitsSheet {
    pub test_seconds: Option<Spanned<u32>>,
    pub compile_seconds: Option<Spanned<u32>>,
    pub memory_mib: Option<Spanned<u32>>,
    pub processes: Option<Spanned<u32>>,
    pub output_kib: Option<Spanned<u32>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PolicySheet {
    #[serde(rename = "unsafe")]
    pub unsafe_code: Option<Spanned<String>>,
    pub crates: Option<Vec<Spanned<String>>>,
}
