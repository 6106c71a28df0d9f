//! exercise: slot
//! tries: Has signatures that fit no test, so that the compiler quotes the lines of hidden tests.
//! must: A student is not told these lines.
//! verdict: does_not_compile

use std::rc::Rc;

#[diagnostic::on_unimplemented(message = "who calls this?", note = "{Self}")]
pub trait Mine {}

pub fn slot<T: Mine>(_: u8) -> (Setter<T>, Slot<T>) {
    todo!()
}

pub struct Setter<T>(Rc<T>);

impl<T> Setter<T> {
    pub fn set(&self) {}
}

#[deprecated(note = "who uses this?")]
pub struct Slot<T>(Rc<T>);
