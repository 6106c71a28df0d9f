//! exercise: hello_async
//! tries: A constant whose evaluation never ends.
//! must: The compiler is ended when its processor time is used up.
//! verdict: does_not_compile

#[allow(long_running_const_eval)]
pub const NEVER: u32 = {
    let mut n = 0_u32;
    loop {
        n = n.wrapping_add(1);
    }
};
