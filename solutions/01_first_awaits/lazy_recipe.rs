//! lazy_recipe: the reference answer.
//!
//! A function that returns a future has two moments: the call, which runs the
//! body up to the returned value, and the polls, which run what is inside that
//! value. An `async` block is the border between the two.

use std::time::Duration;

use kit::Log;
use tokio::time::sleep;

/// How long a dish is on the stove.
pub const COOKING: Duration = Duration::from_secs(1);

/// Takes an order, and logs "ordered DISH" right now, at the call.
///
/// Returns the recipe. From its first poll on it cooks: logs "cooking DISH",
/// takes `COOKING`, and gives "hot DISH". Before that it does nothing.
pub fn prepare<'a>(log: &'a Log, dish: &'a str) -> impl Future<Output = String> + 'a {
    // An `async fn` could not do this: its whole body belongs to the future.
    log.add(format!("ordered {dish}"));
    async move {
        log.add(format!("cooking {dish}"));
        // Built in here, not before the block: a timer counts from the moment
        // when it is made, and the recipe may lie about for hours first.
        sleep(COOKING).await;
        format!("hot {dish}")
    }
}

/// Takes an order for "soup", whether the kitchen is open or not. An open one
/// cooks and serves it; a closed one cooks nothing and returns None.
pub async fn serve(log: &Log, open: bool) -> Option<String> {
    let recipe = prepare(log, "soup");
    if open {
        Some(recipe.await)
    } else {
        // The recipe is dropped unpolled. Nothing was begun, so there is
        // nothing to stop and nothing to clean up.
        None
    }
}
