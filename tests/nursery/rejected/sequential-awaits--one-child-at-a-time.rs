//! "A child is done when it has been awaited; then it is the turn of the next one."

use futures::future::BoxFuture;
use tokio::sync::mpsc;

pub struct Nursery<T, E> {
    children: mpsc::UnboundedSender<BoxFuture<'static, Result<T, E>>>,
}

impl<T: Send + 'static, E: Send + 'static> Nursery<T, E> {
    pub fn spawn(&self, child: impl Future<Output = Result<T, E>> + Send + 'static) {
        let _ = self.children.send(Box::pin(child));
    }
}

pub async fn nursery<T, E, R>(
    body: impl AsyncFnOnce(&Nursery<T, E>) -> Result<R, E>,
) -> Result<(R, Vec<T>), E>
where
    T: Send + 'static,
    E: Send + 'static,
{
    let (sender, mut born) = mpsc::unbounded_channel();
    let children = async {
        let mut values = Vec::new();
        while let Some(child) = born.recv().await {
            let child: BoxFuture<'static, Result<T, E>> = child;
            values.push(child.await?);
        }
        Ok(values)
    };
    let body = async move {
        let nursery = Nursery { children: sender };
        body(&nursery).await
    };
    tokio::try_join!(body, children)
}
