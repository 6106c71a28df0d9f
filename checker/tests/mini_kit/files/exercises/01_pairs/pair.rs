//! pair: two waits at once.

/// Used up when it is looked at.
pub struct Pair(pub u32, pub u32);

/// 1 and 2, each of which takes a second.
pub async fn pair() -> Pair {
    todo!()
}
