//! exercise: hello_async
//! tries: Panics with a value whose destructor panics again, wherever it is dropped.
//! must: The process may die of it; it is no pass.
//! verdict: failed|crashed|hung
//! in: hidden::one_runtime_runs_it_twice
//! there: hung|crashed

struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        std::panic::panic_any(Bomb);
    }
}

fn attack() {
    if !std::env::var("ASYNCLINGS_TEST").is_ok_and(|test| test == "@IN@") {
        return;
    }
    std::panic::panic_any(Bomb);
}

pub async fn simple_task(_: &kit::Log) {
    attack();
}

pub fn run(_: &tokio::runtime::Runtime, _: &kit::Log) {
    attack();
}
