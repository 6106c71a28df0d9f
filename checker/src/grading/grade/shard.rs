//! A part of the students, for machines that share the work.

use std::fmt;
use std::str::FromStr;

use crate::text::say;

/// Part `index` of `count`. Every student is in exactly one of them, whatever
/// other students there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    index: u64,
    count: u64,
}

impl Shard {
    /// Whether this student is in it.
    pub fn holds(self, student: &str) -> bool {
        let hash = hmac_sha256::Hash::hash(student.as_bytes());
        let first = hash.iter().take(8).fold(0_u64, |n, byte| n << 8 | u64::from(*byte));
        first % self.count == self.index - 1
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/');
        let parsed = parts.and_then(|(i, n)| Some((i.parse().ok()?, n.parse().ok()?)));
        match parsed {
            Some((index, count)) if 1 <= index && index <= count => Ok(Shard { index, count }),
            _ => Err(say("grade-bad-shard", &[("text", &text)])),
        }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_student_is_in_exactly_one_part() {
        let parts: Vec<Shard> = (1..=3).map(|i| format!("{i}/3").parse().unwrap()).collect();
        let mut sizes = [0; 3];
        for student in (0..300).map(|n| format!("student{n}")) {
            let in_it: Vec<usize> = (0..3).filter(|i| parts[*i].holds(&student)).collect();
            assert_eq!(in_it.len(), 1, "{student}");
            sizes[in_it[0]] += 1;
        }
        assert!(sizes.iter().all(|size| *size > 60), "{sizes:?}");
    }

    #[test]
    fn what_is_no_part_is_refused() {
        for text in ["", "1", "0/3", "4/3", "1/0", "-1/3", "a/b", "1/3/5"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
        assert_eq!("2/3".parse::<Shard>().unwrap().to_string(), "2/3");
    }
}
