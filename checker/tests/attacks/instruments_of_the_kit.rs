//! exercise: hello_async
//! tries: Calls the kit's own run and capture inside the answer, to have a record sealed.
//! must: An answer has only what its stub uses of the kit.
//! verdict: does_not_compile

pub async fn simple_task(_: &kit::Log) {
    let record = kit::capture(|| kit::run(async {}));
    kit::note(format!("{record:?}"));
}

pub fn run(_: &tokio::runtime::Runtime, _: &kit::Log) {
    kit::run_sync(|| {});
}
