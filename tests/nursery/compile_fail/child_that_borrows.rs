//! A child borrows from the body, which may be dropped before the child has gone.
use exercise::nursery::nursery;

pub async fn misuse() {
    let all = nursery(async |nursery| {
        let page = String::from("news");
        nursery.spawn(async { Ok::<_, ()>(page.len()) }); //~ E0373
        Ok(())
    });
    let _ = all.await;
}

fn main() {}
