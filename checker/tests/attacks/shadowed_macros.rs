//! exercise: hello_async
//! tries: Exports macros with the names of assert!, panic!, vec! and of everything that the tests call.
//! must: The tests mean their own.
//! verdict: failed

macro_rules! shadow {
    ($($name:ident)*) => {
        $(
            #[macro_export]
            macro_rules! $name {
                ($d:tt) => {};
                () => {};
            }
        )*
    };
}

shadow!(assert assert_eq assert_ne panic matches vec run run_sync plainly blame timed took hello_async);

pub async fn simple_task(_: &kit::Log) {}

pub fn run(_: &tokio::runtime::Runtime, _: &kit::Log) {}
