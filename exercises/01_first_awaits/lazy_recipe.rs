//! lazy_recipe: what happens at the call, and what at the await.
//!
//! You know this from asyncio, where the function need not be `async`:
//!
//!     def prepare(log, dish):
//!         log.append(f"ordered {dish}")   # at the call
//!         return cook(log, dish)          # a coroutine: nothing cooks yet
//!
//! A coroutine object does nothing until it is awaited, and neither does a Rust
//! future. Only `create_task` makes Python start by itself. Here nobody does:
//! a recipe on paper may be put away again, and the stove was never on.
//!
//! Both functions below compile. `prepare` does too little at the call, `serve`
//! cooks too much. Mend them by moving what is there: no new code is needed.

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
    async move {
        log.add(format!("ordered {dish}")); // TODO: too late. When does this line run?
        log.add(format!("cooking {dish}"));
        sleep(COOKING).await;
        format!("hot {dish}")
    }
}

/// Takes an order for "soup", whether the kitchen is open or not. An open one
/// cooks and serves it; a closed one cooks nothing and returns None.
pub async fn serve(log: &Log, open: bool) -> Option<String> {
    let soup = prepare(log, "soup").await; // TODO: the stove is on, open or not.
    if open { Some(soup) } else { None }
}
