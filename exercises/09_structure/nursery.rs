//! nursery: no task outlives the block that began it.
//!
//! You know this from asyncio:
//!
//!     async with asyncio.TaskGroup() as group:
//!         group.create_task(fetch("news"))
//!         group.create_task(fetch("mail"))
//!     # here both are done, or both are gone
//!
//! The end of the block waits for all tasks. If one fails, the others are cancelled,
//! and so is the block itself. Whatever happens: behind the block nothing goes on that
//! was begun in it. That is called structured concurrency, and the group a nursery.
//!
//! Rust has no `async with`, so the block is an async closure that gets the nursery
//! lent. And it has no exceptions: an error is a value, a panic is something else, and
//! a future that is dropped just stops. All three are ways out.

use std::marker::PhantomData;

/// Takes in children while the nursery is open; see [`nursery()`].
pub struct Nursery<T, E> {
    // TODO: where do the children go?
    children: PhantomData<fn() -> (T, E)>,
}

impl<T: Send + 'static, E: Send + 'static> Nursery<T, E> {
    /// One more child. It runs as a task of the runtime, beside the body and the others.
    pub fn spawn(&self, child: impl Future<Output = Result<T, E>> + Send + 'static) {
        let _ = (child, self.children);
        todo!("a task, and nobody may lose sight of it")
    }
}

/// Runs `body`, and whatever it spawns, until all of it is done.
///
/// - **Done**: what the body gives, and what each child gives, in the order in which they
///   were spawned.
/// - **The first error**, be it of a child or of the body, ends all the others, wherever
///   they are. It is returned as soon as they are gone; nobody waits for their work.
/// - **A panic**, be it of a child or of the body, does so as well, and comes out of this
///   function as a panic with the same words. The body may panic before it is a future.
/// - **Nothing stays.** When this returns or panics, the body has been dropped and no child
///   is alive, not even one that is only about to go. Whoever drops this future ends the
///   children too. There nobody can wait, so they go as soon as they can.
pub async fn nursery<T, E, R>(
    body: impl AsyncFnOnce(&Nursery<T, E>) -> Result<R, E>,
) -> Result<(R, Vec<T>), E>
where
    T: Send + 'static,
    E: Send + 'static,
{
    let _ = body;
    todo!("the body and its children, and three ways out")
}
