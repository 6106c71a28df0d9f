//! From the name of a submission to the student.

use std::collections::HashMap;

use crate::grading::model::Student;

/// Who comes into question under a name: one of them, or too many.
type Names = HashMap<String, Option<usize>>;

/// One of the names that a student goes by.
type Kind = fn(&Student) -> Option<String>;

/// Everything that a student may go by, the surest first.
#[derive(Clone, Debug)]
pub(super) struct Index {
    /// Ids, logins, emails, and what stands before the `@`, each as it is
    /// written and then without regard to capitals.
    plain: Vec<Names>,
    /// User ids in Canvas.
    canvas: Names,
    /// Participant numbers in Moodle.
    moodle: Names,
    /// Full names, for a roster without participant numbers.
    full_names: Names,
}

impl Index {
    pub fn of(students: &[Student]) -> Self {
        let column = |student: &Student, names: &[&str]| {
            let found =
                student.columns.iter().find(|(n, _)| names.contains(&n.to_lowercase().as_str()));
            found.map(|(_, value)| value.clone()).filter(|value| !value.is_empty())
        };
        let local: Kind =
            |s| s.email.as_ref().and_then(|e| e.split_once('@')).map(|(local, _)| local.to_owned());
        let kinds: [Kind; 4] =
            [|s| Some(s.id.clone()), |s| s.login.clone(), |s| s.email.clone(), local];
        let mut plain = Vec::new();
        for kind in kinds {
            plain.push(names(students, kind));
            plain.push(names(students, |s| kind(s).map(|name| name.to_lowercase())));
        }
        let canvas = |s: &Student| column(s, &["canvas_id", "canvas id", "id"]);
        let participant = |s: &Student| {
            let said = column(s, &["moodle_id", "identifier"])?;
            said.rsplit(char::is_whitespace).next().map(str::to_owned)
        };
        Index {
            plain,
            canvas: names(students, canvas),
            moodle: names(students, participant),
            full_names: names(students, |s| s.name.as_deref().map(same_name)),
        }
    }

    /// The student's place in the roster.
    pub fn find(&self, name: &str) -> Option<usize> {
        let name = name.trim();
        let lower = name.to_lowercase();
        for (i, names) in self.plain.iter().enumerate() {
            let wanted = if i % 2 == 0 { name } else { &lower };
            if let Some(found) = names.get(wanted) {
                return *found;
            }
        }
        if let Some(user) = canvas_user(name) {
            return self.canvas.get(user).copied().flatten();
        }
        let (full_name, number) = moodle_participant(name)?;
        if self.moodle.is_empty() {
            return self.full_names.get(&same_name(full_name)).copied().flatten();
        }
        // Names in Moodle may be changed by their owners, numbers may not.
        self.moodle.get(number).copied().flatten()
    }
}

fn names(students: &[Student], name: impl Fn(&Student) -> Option<String>) -> Names {
    let mut names = Names::new();
    for (i, student) in students.iter().enumerate() {
        if let Some(name) = name(student) {
            names.entry(name).and_modify(|who| *who = None).or_insert(Some(i));
        }
    }
    names
}

/// A name without regard to capitals and spaces.
fn same_name(name: &str) -> String {
    name.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The user's id in what Canvas calls a downloaded submission:
/// `namewithoutspaces[_LATE]_USER_FILE_original`. Canvas writes everything
/// before `original`, which the student chose, so it is read from the front.
fn canvas_user(name: &str) -> Option<&str> {
    let mut parts = name.split('_');
    parts.next().filter(|name| !name.is_empty())?;
    let mut user = parts.next()?;
    if user.eq_ignore_ascii_case("late") {
        user = parts.next()?;
    }
    let file = parts.next()?;
    parts.next()?;
    (is_number(user) && is_number(file)).then_some(user)
}

/// The full name and the number in what Moodle calls a downloaded submission:
/// `Full Name_NUMBER_assignsubmission_file`, in older versions with one more
/// `_`. The student may have chosen the name, so it is read from the back.
fn moodle_participant(name: &str) -> Option<(&str, &str)> {
    let name = name.strip_suffix('_').unwrap_or(name);
    let name = ["_file", "_onlinetext"].iter().find_map(|kind| name.strip_suffix(kind))?;
    let (full_name, number) = name.strip_suffix("_assignsubmission")?.rsplit_once('_')?;
    is_number(number).then_some((full_name, number))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}
