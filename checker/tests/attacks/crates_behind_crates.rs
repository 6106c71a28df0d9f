//! exercise: hello_async
//! tries: Names crates that only the kit may use: libc, the records, the secret's hash, the grader, the tests.
//! must: An answer has the crates of its exercise, and no others.
//! verdict: does_not_compile

extern crate asynclings;
extern crate hello_async;
extern crate hmac_sha256;
extern crate libc;
extern crate record;

pub use record::proof::Secret;
