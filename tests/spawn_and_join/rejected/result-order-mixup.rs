//! "A JoinSet gives me all of them": as they come, not as they were asked for.

use std::collections::HashMap;
use std::sync::Arc;

use futures::future::BoxFuture;
use tokio::task::{Id, JoinSet};

pub type Fetch = Arc<dyn Fn(String) -> BoxFuture<'static, String> + Send + Sync>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskFailed {
    pub url: String,
    pub why: String,
}

pub async fn fetch_all(urls: Vec<String>, fetch: Fetch) -> Vec<Result<String, TaskFailed>> {
    let mut tasks = JoinSet::new();
    let ids: HashMap<Id, String> =
        urls.into_iter().map(|url| (tasks.spawn(fetch(url.clone())).id(), url)).collect();
    let mut pages = Vec::new();
    while let Some(ended) = tasks.join_next_with_id().await {
        pages.push(match ended {
            Ok((_, page)) => Ok(page),
            Err(error) => Err(TaskFailed { url: ids[&error.id()].clone(), why: error.to_string() }),
        });
    }
    pages
}
