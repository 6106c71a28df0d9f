//! "When the block is done, I look what its children have done."

use std::sync::Mutex;

use tokio::task::JoinSet;

pub struct Nursery<T, E> {
    children: Mutex<JoinSet<(usize, Result<T, E>)>>,
}

impl<T: Send + 'static, E: Send + 'static> Nursery<T, E> {
    pub fn spawn(&self, child: impl Future<Output = Result<T, E>> + Send + 'static) {
        let mut children = self.children.lock().unwrap();
        let number = children.len();
        children.spawn(async move { (number, child.await) });
    }
}

pub async fn nursery<T, E, R>(
    body: impl AsyncFnOnce(&Nursery<T, E>) -> Result<R, E>,
) -> Result<(R, Vec<T>), E>
where
    T: Send + 'static,
    E: Send + 'static,
{
    let nursery = Nursery { children: Mutex::new(JoinSet::new()) };
    let value = body(&nursery).await?;
    let mut tasks = nursery.children.into_inner().unwrap();
    let mut values: Vec<(usize, T)> = Vec::new();
    while let Some(ended) = tasks.join_next().await {
        match ended.unwrap() {
            (number, Ok(given)) => values.push((number, given)),
            (_, Err(error)) => {
                tasks.shutdown().await;
                return Err(error);
            }
        }
    }
    values.sort_by_key(|(number, _)| *number);
    Ok((value, values.into_iter().map(|(_, given)| given).collect()))
}
