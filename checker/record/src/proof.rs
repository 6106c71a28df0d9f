//! Proof that a record was written by the kit, for the test that was asked for.
//!
//! A grader runs code that it does not trust in the same process as the kit.
//! That code can write files, and it can end the process. So the grader gives
//! the kit a secret that nobody else in the process can read, and the kit seals
//! its record with it: code that cannot make the seal cannot pass a test.

use hmac_sha256::HMAC;

use crate::Record;

/// With this in its environment a test program expects a secret, one line, on
/// standard input, and seals the record of its first run.
pub const ASKED: &str = "ASYNCLINGS_SEALED";

/// What only the grader and the kit know, for one run of one test.
#[derive(Clone)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// A secret out of these bytes. They must be random, and not used before.
    pub fn new(bytes: &[u8]) -> Self {
        Secret(bytes.to_vec())
    }

    /// The record as text, with its seal as the last line.
    pub fn seal(&self, record: &Record) -> String {
        let text = record.to_json();
        format!("{text}\n{}\n", self.seal_of(&text))
    }

    /// The record in a text that [`seal`](Self::seal) made with this secret.
    /// None if one byte of it is another's.
    pub fn open(&self, sealed: &str) -> Option<Record> {
        let (text, seal) = sealed.strip_suffix('\n')?.rsplit_once('\n')?;
        let made = self.seal_of(text);
        // Whoever is kept waiting must not learn how much of a guess was right.
        let differing = made.bytes().zip(seal.bytes()).fold(0, |all, (a, b)| all | (a ^ b));
        let same = differing == 0 && made.len() == seal.len();
        same.then(|| Record::parse(text).ok()).flatten()
    }

    fn seal_of(&self, text: &str) -> String {
        let mac = HMAC::mac(text.as_bytes(), &self.0);
        mac.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Outcome;

    fn record(outcome: Outcome) -> Record {
        Record {
            version: crate::VERSION,
            test: "hidden::waits".to_owned(),
            outcome,
            diagnosis: None,
            panic: None,
            end_us: 7,
            events: Vec::new(),
            omitted: 0,
        }
    }

    #[test]
    fn only_the_secret_that_sealed_it_opens_a_record() {
        let (mine, yours) = (Secret::new(b"mine"), Secret::new(b"yours"));
        let sealed = mine.seal(&record(Outcome::Failed));
        assert_eq!(mine.open(&sealed), Some(record(Outcome::Failed)));
        assert_eq!(yours.open(&sealed), None);
    }

    #[test]
    fn a_record_that_was_touched_stays_shut() {
        let secret = Secret::new(b"mine");
        let failed = secret.seal(&record(Outcome::Failed));
        let forged = failed.replace("\"failed\"", "\"passed\"");
        assert_ne!(forged, failed);
        let passed = record(Outcome::Passed).to_json();
        let seal = failed.lines().last().unwrap();
        for text in [
            forged,
            passed.clone(),
            format!("{passed}\n{seal}\n"),
            format!("{passed}\n\n"),
            format!("{failed}x"),
            failed.trim_end().to_owned(),
            format!("{}\n", &failed[..failed.len() - 2]),
            String::new(),
            "\n\n".to_owned(),
        ] {
            assert_eq!(secret.open(&text), None, "{text}");
        }
    }
}
