//! exercise: hello_async
//! tries: A macro that doubles itself until the compiler has no memory left.
//! must: The compiler is ended at its limits.
//! verdict: does_not_compile

macro_rules! double {
    ($($all:tt)*) => {
        double! { $($all)* $($all)* }
    };
}

double! { a b c d }
