//! "First the block, then its children: that is the order in which they stand there."

use std::sync::Mutex;

use futures::future::{BoxFuture, try_join_all};

pub struct Nursery<T, E> {
    children: Mutex<Vec<BoxFuture<'static, Result<T, E>>>>,
}

impl<T: Send + 'static, E: Send + 'static> Nursery<T, E> {
    pub fn spawn(&self, child: impl Future<Output = Result<T, E>> + Send + 'static) {
        self.children.lock().unwrap().push(Box::pin(child));
    }
}

pub async fn nursery<T, E, R>(
    body: impl AsyncFnOnce(&Nursery<T, E>) -> Result<R, E>,
) -> Result<(R, Vec<T>), E>
where
    T: Send + 'static,
    E: Send + 'static,
{
    let nursery = Nursery { children: Mutex::default() };
    let value = body(&nursery).await?;
    let children = nursery.children.into_inner().unwrap();
    Ok((value, try_join_all(children).await?))
}
