//! exercise: hello_async
//! tries: Types that double with each call, in a function that calls itself with them.
//! must: The compiler refuses it or is ended, and what it wrote beside its work is gone.
//! verdict: does_not_compile

fn grow<T: std::fmt::Debug + Clone>(value: T, depth: u32) {
    if depth > 0 {
        grow((value.clone(), value), depth - 1);
    }
}

pub fn yield_now() -> std::future::Ready<()> {
    grow((1_u8, 2_u8), 9);
    std::future::ready(())
}
