//! exercise: hello_async
//! tries: Includes a file as documentation.
//! must: The macro is refused, with its line.
//! verdict: does_not_compile
//! says: policy-macro

#[doc = include_str!("/etc/passwd")]
pub struct Documented;
