//! exercise: hello_async
//! tries: Lets two hundred threads compute for nothing, so that others' tests find no processor and look as if they hung.
//! must: Its time is counted and ends, and an answer beside it passes.
//! verdict: failed|hung|crashed
//! in: hidden::one_runtime_runs_it_twice
//! there: hung|crashed
//! beside: a solution passes

fn attack() {
    if !std::env::var("ASYNCLINGS_TEST").is_ok_and(|test| test == "@IN@") {
        return;
    }
    for _ in 0..200 {
        let _ = std::thread::Builder::new().stack_size(16 << 10).spawn(|| {
            loop {
                std::hint::spin_loop();
            }
        });
    }
    loop {
        std::hint::spin_loop();
    }
}

pub async fn simple_task(_: &kit::Log) {
    attack();
}

pub fn run(_: &tokio::runtime::Runtime, _: &kit::Log) {
    attack();
}
