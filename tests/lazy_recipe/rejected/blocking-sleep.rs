//! "The cook stands at the stove": so does the thread, and everybody in the kitchen with it.

use std::time::Duration;

use kit::Log;

pub const COOKING: Duration = Duration::from_secs(1);

pub fn prepare<'a>(log: &'a Log, dish: &'a str) -> impl Future<Output = String> + 'a {
    log.add(format!("ordered {dish}"));
    async move {
        log.add(format!("cooking {dish}"));
        std::thread::sleep(COOKING);
        format!("hot {dish}")
    }
}

pub async fn serve(log: &Log, open: bool) -> Option<String> {
    let recipe = prepare(log, "soup");
    if open { Some(recipe.await) } else { None }
}
