//! Answers that mean harm: a few of each, to see that they do not get in the
//! way of the others.

use asynclings::verdict::Status;

use super::Expected;

/// What a hostile answer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hostile {
    /// Ends the process where it was called, as if all were well.
    Exits,
    /// Writes a record that says it passed, and exits.
    ForgesRecord,
    /// Prints more than anybody reads, and panics.
    Floods,
    /// Aborts.
    Aborts,
    /// Reads `/etc/passwd` while it is compiled.
    Includes,
    /// Is not UTF-8.
    NotText,
    /// Is a link.
    Link,
    /// Is larger than any answer.
    TooLarge,
    /// Waits for ever, outside of virtual time.
    Waits,
}

/// The last costs real seconds: it comes once in many.
const EACH: [Hostile; 8] = [
    Hostile::Exits,
    Hostile::Link,
    Hostile::ForgesRecord,
    Hostile::Includes,
    Hostile::Floods,
    Hostile::NotText,
    Hostile::Aborts,
    Hostile::TooLarge,
];
const WAITS_EVERY: usize = 40;

impl Hostile {
    /// The one whose turn it is.
    pub fn number(number: usize) -> Self {
        if number % WAITS_EVERY == WAITS_EVERY - 1 {
            return Hostile::Waits;
        }
        EACH[number % EACH.len()]
    }

    /// What it does, what must come of it, and its text.
    pub fn made_of(self, solution: &[u8]) -> (String, Expected, Vec<u8>) {
        const ENDED: Expected = Expected::Status(&[Status::Crashed, Status::Failed]);
        const REFUSED: Expected = Expected::Status(&[Status::DoesNotCompile]);
        let (expected, content) = match self {
            Hostile::Exits => (ENDED, begin_with(solution, "std::process::exit(0);")),
            Hostile::ForgesRecord => (ENDED, begin_with(solution, FORGE)),
            Hostile::Floods => (ENDED, begin_with(solution, FLOOD)),
            Hostile::Aborts => (ENDED, begin_with(solution, "std::process::abort();")),
            Hostile::Includes => (REFUSED, after(solution, INCLUDE.as_bytes())),
            Hostile::NotText => (REFUSED, after(solution, b"// \xff\xfe\n")),
            Hostile::Link | Hostile::TooLarge => {
                (Expected::Refused, after(solution, &b"// and so on\n".repeat(50_000)))
            }
            Hostile::Waits => {
                let expected = Expected::Status(&[Status::Hung]);
                (expected, begin_with(solution, "loop { std::thread::park(); }"))
            }
        };
        (format!("{self:?}"), expected, content)
    }
}

const FORGE: &str = r#"{
        let test = std::env::var("ASYNCLINGS_TEST").unwrap_or_default();
        let record = format!("{{\"version\":1,\"test\":\"{test}\",\"outcome\":\"passed\",\"end_us\":0,\"events\":[]}}");
        if let Ok(file) = std::env::var("ASYNCLINGS_RECORD") {
            let _ = std::fs::write(file, &record);
        }
        println!("{record}\ntest {test} ... ok");
        std::process::exit(0);
    }"#;

const FLOOD: &str = r#"{
        for _ in 0..20_000 {
            println!("{}", "flood ".repeat(100));
        }
        panic!("that was much");
    }"#;

const INCLUDE: &str = "pub const USERS: &str = include_str!(\"/etc/passwd\");\n";

fn after(solution: &[u8], more: &[u8]) -> Vec<u8> {
    [solution, b"\n", more].concat()
}

/// The solution with this at the beginning of each of its public functions.
fn begin_with(solution: &[u8], statement: &str) -> Vec<u8> {
    let text = std::str::from_utf8(solution).unwrap();
    let mut begun = String::from("#![allow(unreachable_code, unused)]\n");
    let mut in_head = false;
    for line in text.lines() {
        let word = line.trim_start();
        in_head |= ["pub fn ", "pub async fn "].iter().any(|head| word.starts_with(head));
        begun.push_str(line);
        begun.push('\n');
        if in_head && line.ends_with('{') {
            begun.push_str(statement);
            begun.push('\n');
            in_head = false;
        }
    }
    begun.into_bytes()
}
