//! Attacks that are too large, too deep or no text at all: made, not written.

use super::Attack;

/// Name, first lines, and what follows.
type Made = (&'static str, [&'static str; 4], fn() -> Vec<u8>);

const MADE: &[Made] = &[
    (
        "made_deep_behind_comments",
        [
            "yield_now",
            "Brackets nested so deep that whoever looks at them runs out of stack, with closing ones in comments to mislead who counts.",
            "The grader refuses it and goes on.",
            "does_not_compile",
        ],
        || {
            [
                b"pub fn f() {".to_vec(),
                b"(/*)*/".repeat(100_000),
                b")".repeat(100_000),
                b"}".to_vec(),
            ]
            .concat()
        },
    ),
    (
        "made_deep_without_end",
        [
            "hello_async",
            "A million opening brackets.",
            "The grader refuses it and goes on.",
            "does_not_compile",
        ],
        || b"(".repeat(1_000_000),
    ),
    (
        "made_deep_without_brackets",
        [
            "yield_now",
            "A hundred thousand negations, for the stack of the compiler.",
            "The compiler may die of it, the grader does not.",
            "does_not_compile",
        ],
        || [b"pub const A: bool = ".to_vec(), b"!".repeat(100_000), b"true;".to_vec()].concat(),
    ),
    (
        "made_of_many_types",
        [
            "hello_async",
            "A type in angle brackets, fifty thousand deep.",
            "The compiler may die of it, the grader does not.",
            "does_not_compile",
        ],
        || {
            [
                b"pub type A = ".to_vec(),
                b"Box<".repeat(50_000),
                b"u8".to_vec(),
                b">".repeat(50_000),
                b";".to_vec(),
            ]
            .concat()
        },
    ),
    (
        "made_of_other_bytes",
        [
            "yield_now",
            "A file that is no text, with an end of file and a nought in it.",
            "It is refused with the line.",
            "does_not_compile",
        ],
        || b"pub fn yield_now() {}\n\x00\x1a\xff\xfe\xed\xa0\x80\n".to_vec(),
    ),
    (
        "made_empty",
        ["hello_async", "An empty file.", "It does not compile.", "does_not_compile"],
        Vec::new,
    ),
    (
        "made_behind_a_shebang",
        [
            "yield_now",
            "A first line that the compiler skips and nobody else can read, so that what follows is not looked at.",
            "What follows is looked at all the same.",
            "does_not_compile",
        ],
        || b"#!/bin/\"'\npub const A: &str = include_str!(\"/etc/passwd\");\n".to_vec(),
    ),
    (
        "made_of_warnings",
        [
            "hello_async",
            "Ten thousand warnings, to be kept with the verdict.",
            "As many are kept as anybody would read.",
            "failed|does_not_compile",
        ],
        || {
            let mut answer = HELLO.as_bytes().to_vec();
            for n in 0..5_000 {
                answer.extend(format!("fn unused_{n}() {{ let x = 1; }}\n").into_bytes());
            }
            answer
        },
    ),
];

/// Does nothing at all.
const HELLO: &str = "pub async fn simple_task(_: &kit::Log) {}\npub fn run(_: &tokio::runtime::Runtime, _: &kit::Log) {}\n";

/// All of them.
pub fn all() -> impl Iterator<Item = Attack> {
    MADE.iter().map(|(name, [exercise, tries, must, verdict], make)| Attack {
        name: (*name).to_owned(),
        exercise: (*exercise).to_owned(),
        tries: (*tries).to_owned(),
        must: (*must).to_owned(),
        verdict: verdict.split('|').map(str::to_owned).collect(),
        says: None,
        crates: None,
        within: None,
        beside_solution: false,
        content: make(),
    })
}
