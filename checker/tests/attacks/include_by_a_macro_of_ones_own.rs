//! exercise: hello_async
//! tries: Lets a macro put the name and the mark of include! together.
//! must: Where it is compiled there is no such file.
//! verdict: does_not_compile

macro_rules! call {
    ($name:ident $path:literal) => {
        $name!($path)
    };
}

pub const TESTS: &str = call!(include_str "@KIT@/tests/hello_async/hidden.rs");
