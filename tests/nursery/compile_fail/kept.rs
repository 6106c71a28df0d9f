//! The nursery is taken out of the body, to spawn when all is over: it is only lent.
use exercise::nursery::{Nursery, nursery};

pub async fn misuse() {
    let all = nursery(async |lent: &Nursery<u8, ()>| Ok(lent)).await; //~ lifetime may not live long enough
    if let Ok((kept, _)) = all {
        kept.spawn(async { Ok(1) });
    }
}

fn main() {}
