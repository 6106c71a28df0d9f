//! The rest of the contract: deep and wide trees, and what kind of future it is.

use exercise::tree_walk::total_size;
use futures::join;
use kit::{blame, plainly, require_send, run, secs, stays_asleep, timed, took};
use tokio::time::sleep;

use crate::visible::{Folders, file, folder};

#[test]
fn a_fast_branch_does_not_wait_for_a_slow_one() {
    run(async {
        // From the root down it is seven seconds, on either way.
        let tree = Folders::new()
            .with("home", 1, &[folder("a"), folder("b")])
            .with("a", 1, &[folder("a/a")])
            .with("a/a", 5, &[file(1)])
            .with("b", 5, &[folder("b/b"), file(10)])
            .with("b/b", 1, &[file(100)]);
        let (size, time) = timed(total_size(&tree, "home")).await;
        took(time).slower_means("sequential-awaits").should_be(secs(7));
        plainly().unless_eq(size, 111);
        // While all of them take their time, nobody looks again and again.
        let tree = Folders::new()
            .with("home", 1, &[folder("a"), folder("b")])
            .with("a", 60, &[file(1)])
            .with("b", 60, &[file(10)]);
        let asleep = async {
            sleep(secs(10)).await;
            stays_asleep().await;
        };
        plainly().unless_eq(join!(total_size(&tree, "home"), asleep).0, 11);
    });
}

#[test]
fn a_hundred_folders_may_lie_in_each_other() {
    run(async {
        let mut tree = Folders::new().with("100", 1, &[file(1_000)]);
        for depth in 0..100 {
            let below = folder(&(depth + 1).to_string());
            tree = tree.with(&depth.to_string(), 1, &[file(1), below, file(1)]);
        }
        let (size, time) = timed(total_size(&tree, "0")).await;
        plainly().unless_eq((size, time), (1_200, secs(101)));
    });
}

#[test]
fn a_thousand_folders_may_lie_in_one() {
    run(async {
        // And a thousand more in the one beside it.
        let mut tree = Folders::new().with("home", 1, &[folder("a"), folder("b")]);
        for home in ["a", "b"] {
            let names = (0..1_000).map(|number| format!("{home}/{number}"));
            let names: Vec<String> = names.collect();
            let entries: Vec<_> = names.iter().map(|name| folder(name)).collect();
            tree = tree.with(home, 1, &entries);
            for name in &names {
                tree = tree.with(name, 1, &[file(1)]);
            }
        }
        let (size, time) = timed(total_size(&tree, "home")).await;
        took(time).slower_means("sequential-awaits").should_be(secs(3));
        plainly().unless_eq((size, tree.listed.lines().len()), (2_000, 2_003));
    });
}

#[test]
fn a_folder_may_be_empty() {
    run(async {
        let tree = Folders::new()
            .with("home", 1, &[folder("a"), folder("b")])
            .with("a", 1, &[])
            .with("b", 1, &[file(0)]);
        plainly().unless_eq(total_size(&tree, "a").await, 0);
        plainly().unless_eq(total_size(&tree, "home").await, 0);
        plainly().unless_eq(tree.listed.lines().len(), 4);
    });
}

#[test]
fn the_future_is_small() {
    run(async {
        let tree = Folders::new().with("home", 1, &[file(1)]);
        let future = total_size(&tree, "home");
        blame("oversized-future").unless(size_of_val(&future) <= 1_024);
        plainly().unless_eq(future.await, 1);
    });
}

#[test]
fn tasks_may_await_it() {
    run(async {
        let tree = Folders::new().with("home", 1, &[file(1)]);
        let future = total_size(&tree, "home");
        require_send(&future); // gate: non-send-across-await
        plainly().unless_eq(future.await, 1);
    });
}
