//! "The values are wanted in the order of the children, so I await them in that order."

use std::sync::Mutex;

use tokio::task::JoinHandle;

pub struct Nursery<T, E> {
    children: Mutex<Vec<JoinHandle<Result<T, E>>>>,
}

impl<T: Send + 'static, E: Send + 'static> Nursery<T, E> {
    pub fn spawn(&self, child: impl Future<Output = Result<T, E>> + Send + 'static) {
        self.children.lock().unwrap().push(tokio::spawn(child));
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
    let value = body(&nursery).await;
    let children = nursery.children.into_inner().unwrap();
    if value.is_err() {
        children.iter().for_each(|child| child.abort());
    }
    let mut values = Vec::new();
    for child in children {
        match child.await {
            Ok(given) => values.push(given?),
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(_) => {}
        }
    }
    Ok((value?, values))
}
