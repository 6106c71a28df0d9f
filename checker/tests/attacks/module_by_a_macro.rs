//! exercise: hello_async
//! tries: Lets a macro write the attribute and the module, so that nobody sees them together.
//! must: Where it is compiled there is no such file.
//! verdict: does_not_compile

macro_rules! module {
    ($attribute:ident $name:ident $path:literal) => {
        #[$attribute = $path]
        pub mod $name;
    };
}

module!(path solution "@KIT@/solutions/01_first_awaits/hello_async.rs");
