//! exercise: yield_now
//! tries: Hands the word unsafe to a macro piece by piece, and lifts the lint that forbids it.
//! must: It is refused.
//! verdict: does_not_compile
//! says: policy-unsafe

#![allow(unsafe_code)]

macro_rules! raw {
    ($word:tt $body:tt) => {
        $word $body
    };
}

pub fn yield_now() -> std::future::Ready<()> {
    let secret: *const u8 = std::ptr::null();
    raw!(unsafe { println!("BREACH {}", *secret) });
    std::future::ready(())
}
