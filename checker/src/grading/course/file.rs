//! From `course.toml` to a [`Course`]: whatever cannot be is told with its
//! line, before a single submission is graded.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::Path;

use toml::Spanned;

use super::crates::usable_crates;
use super::due::{self, Due, Late, MOST_DAYS};
use super::points::{Cents, MOST, WHOLE, percent, shown};
use super::sheet::{CreditSheet, LateSheet, LimitsSheet, Named, Sheet};
use super::weights::{self, Group};
use super::{Course, Credit, Graded, Limits, Partial, Policy, UnsafeCode};
use crate::catalogue::{Catalogue, line_of, parse_toml};
use crate::kit::Kit;
use crate::problem::{Problem, Result};

/// The most that a test may weigh: sums stay far from an overflow.
const MOST_WEIGHT: u32 = 1_000_000;

pub(super) fn read(path: &Path, kit: &Kit) -> Result<Course> {
    let text = fs::read_to_string(path).map_err(|e| Problem::io("read", path, &e))?;
    parse(&text, path, kit)
}

pub(super) fn parse(text: &str, path: &Path, kit: &Kit) -> Result<Course> {
    let sheet: Sheet = parse_toml(text, path)?;
    let reader = Reader { text, path, kit };
    let extensions = sheet.extensions.iter().map(|(student, more)| {
        let days = reader.at_most("days", &more.days, 0, MOST_DAYS)?;
        Ok((student.clone(), days))
    });
    let extensions: BTreeMap<String, u32> = extensions.collect::<Result<_>>()?;
    Ok(Course {
        title: reader.title(sheet.title.as_ref())?,
        late: reader.late(&sheet.late)?,
        partial: Partial {
            credit: match sheet.partial.credit {
                Some(CreditSheet::AllOrNothing) => Credit::AllOrNothing,
                Some(CreditSheet::Weights) | None => Credit::Weights,
            },
            compiles: reader.percent(sheet.partial.compile_only_percent.as_ref())?.unwrap_or(0),
        },
        limits: reader.limits(&sheet.limits)?,
        policy: Policy {
            unsafe_code: reader.unsafe_code(sheet.policy.unsafe_code.as_ref())?,
            crates: reader.crates(sheet.policy.crates.as_deref())?,
        },
        exercises: reader.exercises(&sheet)?,
        extensions,
    })
}

/// The file that is read, for messages, and what its names must be found in.
struct Reader<'a> {
    text: &'a str,
    path: &'a Path,
    kit: &'a Kit,
}

impl Reader<'_> {
    fn at(&self, key: &str, span: Range<usize>) -> Problem {
        let line = line_of(self.text, span.start);
        Problem::new(key).with("path", self.path.display()).with("line", line)
    }

    fn title(&self, title: Option<&Spanned<String>>) -> Result<String> {
        match title {
            None => Ok(crate::text::word("course-untitled").to_owned()),
            Some(title) if title.get_ref().trim().is_empty() => {
                Err(self.at("course-empty-title", title.span()))
            }
            Some(title) => Ok(title.get_ref().trim().to_owned()),
        }
    }

    fn exercises(&self, sheet: &Sheet) -> Result<Vec<Graded>> {
        let catalogue = self.kit.catalogue();
        for name in sheet.points.keys().chain(sheet.weights.keys()) {
            self.known(catalogue, name)?;
        }
        let chapters = self.chapters(sheet.chapters.as_deref())?;
        let dues = self.dues(&sheet.due)?;
        let mut all = Vec::new();
        for chapter in &catalogue.chapters {
            for exercise in &chapter.exercises {
                let name = exercise.name.clone();
                let mut checks = weights::of(self.kit, exercise)?;
                if let Some(weights) = sheet.weights.get(&plain(&name)) {
                    self.weigh(&name, &mut checks, weights)?;
                }
                if chapters.as_ref().is_some_and(|wanted| !wanted.contains(&chapter.number)) {
                    continue;
                }
                let max = match sheet.points.get(&plain(&name)) {
                    Some(points) => Cents::of(*points.get_ref()).ok_or_else(|| {
                        self.at("course-points", points.span())
                            .with("exercise", &name)
                            .with("most", shown(MOST))
                    })?,
                    None => Cents(u64::from(exercise.points) * 100),
                };
                let number = chapter.number.to_string();
                let due = [name.as_str(), &number, "default"].iter().find_map(|k| dues.get(*k));
                all.push(Graded { name, max, due: due.cloned(), checks });
            }
        }
        Ok(all)
    }

    fn known(&self, catalogue: &Catalogue, name: &Spanned<String>) -> Result<()> {
        let typed = name.get_ref();
        if catalogue.exercises().any(|e| e.name == *typed) {
            return Ok(());
        }
        Err(self
            .at("course-unknown-exercise", name.span())
            .with("name", typed)
            .with("similar", listed(&catalogue.similar_to(typed))))
    }

    fn chapters(&self, wanted: Option<&[Spanned<u32>]>) -> Result<Option<Vec<u32>>> {
        let Some(wanted) = wanted else { return Ok(None) };
        let known: Vec<u32> = self.kit.catalogue().chapters.iter().map(|c| c.number).collect();
        for chapter in wanted {
            if !known.contains(chapter.get_ref()) {
                let numbers: Vec<String> = known.iter().map(u32::to_string).collect();
                return Err(self
                    .at("course-unknown-chapter", chapter.span())
                    .with("number", chapter.get_ref())
                    .with("known", numbers.join(", ")));
            }
        }
        Ok(Some(wanted.iter().map(|c| *c.get_ref()).collect()))
    }

    /// A group's weight first, so that a test's own counts whatever the order.
    fn weigh(
        &self,
        exercise: &str,
        checks: &mut [weights::Check],
        weights: &Named<u32>,
    ) -> Result<()> {
        let group_of = |name: &str| Group::ALL.into_iter().find(|g| g.name() == name);
        for (name, weight) in weights {
            let value = self.at_most("weight", weight, 0, MOST_WEIGHT)?;
            if let Some(group) = group_of(name.get_ref()) {
                checks.iter_mut().filter(|c| c.group == group).for_each(|c| c.weight = value);
            }
        }
        for (name, weight) in weights {
            let typed = name.get_ref();
            if group_of(typed).is_some() {
                continue;
            }
            let mut found = false;
            for check in checks.iter_mut().filter(|c| c.name == *typed) {
                check.weight = *weight.get_ref();
                found = true;
            }
            if !found {
                let names: Vec<&str> = checks.iter().map(|c| c.name.as_str()).collect();
                return Err(self
                    .at("course-unknown-test", name.span())
                    .with("exercise", exercise)
                    .with("name", typed)
                    .with("similar", listed(&similar(typed, &names))));
            }
        }
        Ok(())
    }

    fn dues(&self, typed: &Named<String>) -> Result<BTreeMap<String, Due>> {
        let catalogue = self.kit.catalogue();
        let mut dues = BTreeMap::new();
        for (whose, date) in typed {
            let name = whose.get_ref();
            let is_chapter = catalogue.chapters.iter().any(|c| c.number.to_string() == *name);
            if name != "default" && !is_chapter {
                self.known(catalogue, whose)?;
            }
            let due = due::parse(date.get_ref()).map_err(|error| {
                self.at("course-bad-date", date.span())
                    .with("date", date.get_ref())
                    .with("error", error)
            })?;
            dues.insert(name.clone(), due);
        }
        Ok(dues)
    }

    fn late(&self, late: &LateSheet) -> Result<Late> {
        let minutes = |v| self.at_most("grace_minutes", v, 0, 60 * 24 * 7);
        let days = |v| self.at_most("refuse_after_days", v, 0, MOST_DAYS);
        Ok(Late {
            grace_minutes: late.grace_minutes.as_ref().map_or(Ok(0), minutes)?,
            per_day: self.percent(late.per_day_percent.as_ref())?.unwrap_or(0),
            at_most: self.percent(late.at_most_percent.as_ref())?,
            refuse_after_days: late.refuse_after_days.as_ref().map(days).transpose()?,
        })
    }

    fn percent(&self, typed: Option<&Spanned<f64>>) -> Result<Option<u32>> {
        let Some(typed) = typed else { return Ok(None) };
        let value = percent(*typed.get_ref()).filter(|p| *p <= WHOLE);
        value.map(Some).ok_or_else(|| self.at("course-percent", typed.span()))
    }

    fn limits(&self, typed: &LimitsSheet) -> Result<Limits> {
        let d = Limits::default();
        let within = |name, value: &Option<Spanned<u32>>, default, least, most| {
            value.as_ref().map_or(Ok(default), |v| self.at_most(name, v, least, most))
        };
        Ok(Limits {
            test_seconds: within("test_seconds", &typed.test_seconds, d.test_seconds, 1, 3_600)?,
            compile_seconds: within(
                "compile_seconds",
                &typed.compile_seconds,
                d.compile_seconds,
                5,
                3_600,
            )?,
            memory_mib: within("memory_mib", &typed.memory_mib, d.memory_mib, 64, 1 << 20)?,
            processes: within("processes", &typed.processes, d.processes, 8, 1 << 16)?,
            output_kib: within("output_kib", &typed.output_kib, d.output_kib, 1, 1 << 14)?,
        })
    }

    fn at_most(&self, name: &str, typed: &Spanned<u32>, least: u32, most: u32) -> Result<u32> {
        let value = *typed.get_ref();
        if (least..=most).contains(&value) {
            return Ok(value);
        }
        Err(self
            .at("course-range", typed.span())
            .with("name", name)
            .with("value", value)
            .with("least", least)
            .with("most", most))
    }

    fn unsafe_code(&self, typed: Option<&Spanned<String>>) -> Result<UnsafeCode> {
        match typed {
            Some(other) if other.get_ref() != "forbid" => {
                Err(self.at("course-unsafe", other.span()).with("value", other.get_ref()))
            }
            _ => Ok(UnsafeCode::Forbid),
        }
    }

    fn crates(&self, typed: Option<&[Spanned<String>]>) -> Result<Vec<String>> {
        let known = usable_crates(self.kit)?;
        let Some(typed) = typed else { return Ok(known) };
        let mut wanted: Vec<String> = Vec::new();
        for name in typed {
            if !known.contains(name.get_ref()) {
                return Err(self
                    .at("course-unknown-crate", name.span())
                    .with("name", name.get_ref())
                    .with("known", known.join(", ")));
            }
            if !wanted.contains(name.get_ref()) {
                wanted.push(name.get_ref().clone());
            }
        }
        Ok(wanted)
    }
}

/// For a look-up: names are equal wherever they stand.
fn plain(name: &str) -> Spanned<String> {
    Spanned::new(0..0, name.to_owned())
}

fn similar<'a>(typed: &str, names: &[&'a str]) -> Vec<&'a str> {
    let mut found: Vec<(f64, &str)> =
        names.iter().map(|name| (strsim::jaro_winkler(typed, name), *name)).collect();
    found.retain(|(likeness, _)| *likeness > 0.75);
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.into_iter().map(|(_, name)| name).take(3).collect()
}

fn listed(names: &[&str]) -> String {
    if names.is_empty() { "-".to_owned() } else { names.join(", ") }
}

#[cfg(test)]
mod tests;
