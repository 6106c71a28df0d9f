//! exercise: hello_async
//! tries: Makes the hidden tests a module of the answer.
//! must: The attribute is refused, with its line.
//! verdict: does_not_compile
//! says: policy-path

#[path = "@KIT@/tests/hello_async/hidden.rs"]
pub mod tests;
