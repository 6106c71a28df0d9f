//! One thing wrong at a time: each check refuses what it is there for, alone.

use crate::mini_kit::MiniKit;
use crate::{exercise, shown};

/// A file, what stands in it, and what to put there; what is then found.
struct Fault {
    file: &'static str,
    change: Change,
    found: &'static str,
}

enum Change {
    Replace(&'static str, &'static str),
    Copy(&'static str),
    Remove,
}
use Change::{Copy, Remove, Replace};

const FAULTS: &[Fault] = &[
    Fault {
        file: "exercises/01_pairs/README.md",
        change: Remove,
        found: "files gate-missing exercises/01_pairs/README.md",
    },
    Fault {
        file: "tests/pair/compile_fail/look_twice.stderr",
        change: Remove,
        found: "files gate-no-stderr tests/pair/compile_fail/look_twice.stderr",
    },
    Fault {
        file: "tests/pair/compile_fail/look_twice.stderr",
        change: Replace("//", "--> $RUST/core/src/mem.rs"),
        found: "files gate-stderr-std tests/pair/compile_fail/look_twice.stderr",
    },
    Fault {
        file: "tests/pair/main.rs",
        change: Replace("mod hidden;", "mod hidden; // too"),
        found: "files gate-main-differs tests/pair/main.rs:12",
    },
    Fault {
        file: "solutions/lib.rs",
        change: Replace("01_pairs/pair.rs", "01_pairs/other.rs"),
        found: "files gate-no-module solutions/lib.rs",
    },
    Fault {
        file: "exercises/text/en/pair.toml",
        change: Replace("Wait for both at once.", "FILL IN"),
        found: "unfinished gate-unfinished exercises/text/en/pair.toml:2",
    },
    Fault {
        file: "exercises/catalogue.toml",
        change: Replace("minutes = 5", "minutes = 0"),
        found: "catalogue gate-catalogue-empty exercises/catalogue.toml:8",
    },
    Fault {
        file: "exercises/text/en/pair.toml",
        change: Replace("\n[tests]", "\n[tests]\nno_such_test = \"It holds.\""),
        found: "text gate-text-no-test exercises/text/en/pair.toml:7",
    },
    Fault {
        file: "exercises/text/en/pair.toml",
        change: Replace("\"Look at join!.\"", "\"\""),
        found: "text gate-text-empty exercises/text/en/pair.toml",
    },
    Fault {
        file: "exercises/text/en/pair.toml",
        change: Replace("two_pairs_take_two_seconds = \"Two pairs take two seconds.\"", ""),
        found: "text gate-text-no-sentence exercises/text/en/pair.toml",
    },
    Fault {
        file: "exercises/01_pairs/README.md",
        change: Replace("pair", "word"),
        found: "lesson gate-lesson-silent exercises/01_pairs/README.md",
    },
    Fault {
        file: "exercises/01_pairs/README.md",
        change: Replace("word word ", "word "),
        found: "lesson gate-lesson-length exercises/01_pairs/README.md",
    },
    Fault {
        file: "README.md",
        change: Replace("`pair`", "`gather_fetch`"),
        found: "lesson gate-readme-silent README.md",
    },
    Fault {
        file: "exercises/01_pairs/README.md",
        change: Replace(
            "pair\n",
            "pair\n    let ((first, second), time) = timed(async { (pair().await, pair().await) }).await;\n",
        ),
        found: "leak gate-leak exercises/01_pairs/README.md:4",
    },
    Fault {
        file: "exercises/catalogue.toml",
        change: Replace("stub = \"todo\"", "stub = \"sequential-awaits\""),
        found: "stub gate-stub-reason exercises/01_pairs/pair.rs",
    },
    Fault {
        file: "tests/pair/accepted/one_wait.rs",
        change: Copy("tests/pair/accepted/futures_join.rs"),
        found: "twins gate-twins tests/pair/accepted/one_wait.rs",
    },
    Fault {
        file: "solutions/01_pairs/pair.rs",
        change: Replace("async fn number", "async  fn number"),
        found: "format gate-format solutions/01_pairs/pair.rs:7",
    },
    Fault {
        file: "solutions/01_pairs/pair.rs",
        change: Replace("    Pair(one, two)", "    return Pair(one, two);"),
        found: "clippy gate-clippy solutions/01_pairs/pair.rs:18",
    },
    Fault {
        file: "solutions/01_pairs/pair.rs",
        change: Replace("from_secs(1)", "from_secs(2)"),
        found: "solution gate-solution-refused solutions/01_pairs/pair.rs",
    },
    Fault {
        file: "tests/pair/accepted/one_wait.rs",
        change: Replace("from_secs(1)", "from_secs(2)"),
        found: "accepted gate-accepted-refused tests/pair/accepted/one_wait.rs",
    },
    Fault {
        file: "tests/pair/rejected/result-order-mixup.rs",
        change: Replace("Pair(2, 1)", "Pair(1, 2)"),
        found: "rejected gate-rejected-passes tests/pair/rejected/result-order-mixup.rs",
    },
    Fault {
        file: "tests/pair/rejected/result-order-mixup.rs",
        change: Replace("from_secs(1)", "from_secs(2)"),
        found: "rejected gate-rejected-reason tests/pair/rejected/result-order-mixup.rs",
    },
    Fault {
        file: "tests/pair/rejected/sequential-awaits.rs",
        change: Remove,
        found: "uncaught gate-uncaught exercises/catalogue.toml",
    },
    Fault {
        file: "tests/pair/accepted/one_wait.rs",
        change: Replace("pub struct", "#[derive(Clone, Copy)]\npub struct"),
        found: "cases gate-case-compiles tests/pair/compile_fail/look_twice.rs:7",
    },
    Fault {
        file: "tests/pair/compile_fail/look_twice.rs",
        change: Replace("E0382", "E0505"),
        found: "cases gate-case-otherwise tests/pair/compile_fail/look_twice.rs:7\n\
                cases gate-case-otherwise tests/pair/compile_fail/look_twice.rs:7\n\
                cases gate-case-otherwise tests/pair/compile_fail/look_twice.rs:7",
    },
    Fault {
        file: "tests/pair/compile_fail/look_twice.rs",
        change: Replace("//~ E0382", "// E0382"),
        found: "cases gate-case-unmarked tests/pair/compile_fail/look_twice.rs",
    },
    Fault {
        file: "tests/pair/hidden.rs",
        change: Replace("    run(async {", "    let _more = 1;\n    run(async {"),
        found: "tests gate-not-one-run tests/pair/hidden.rs:7",
    },
    Fault {
        file: "tests/pair/hidden.rs",
        change: Replace("    run(async {", "    // gate: order-mixup\n    run(async {"),
        found: "tests gate-tests-unknown-pitfall tests/pair/hidden.rs:8",
    },
    Fault {
        file: "tests/pair/hidden.rs",
        change: Replace("fn two_pairs", "fn"),
        found: "tests gate-tests-unreadable tests/pair/hidden.rs:7",
    },
    // Nothing is kept for the kit by this `run`.
    Fault {
        file: "tests/pair/hidden.rs",
        change: Replace("use kit::{blame, run,", "fn run<T>(_: T) {}\nuse kit::{blame,"),
        found: "records gate-no-record tests/pair/hidden.rs",
    },
    Fault {
        file: "tests/pair/hidden.rs",
        change: Replace("#[test]", "#[cfg(any())]\n#[test]"),
        found: "builds gate-test-not-run solutions/01_pairs/pair.rs",
    },
];

#[test]
fn each_check_refuses_what_it_is_there_for_and_no_other_does() {
    let kit = MiniKit::lay_out();
    let mut wrong = String::new();
    for fault in FAULTS {
        let before = kit.read(fault.file);
        match fault.change {
            Replace(this, by) => {
                assert!(before.contains(this), "{} lacks {this}", fault.file);
                kit.write(fault.file, &before.replace(this, by));
            }
            Copy(from) => kit.write(fault.file, &kit.read(from)),
            Remove => kit.remove(fault.file),
        }
        let found = exercise(&kit).findings;
        if shown(&found).trim() != fault.found {
            wrong.push_str(&format!("expected:\n{}\nfound:\n{}\n", fault.found, shown(&found)));
        }
        kit.write(fault.file, &before);
    }
    assert_eq!(wrong, "");
}
