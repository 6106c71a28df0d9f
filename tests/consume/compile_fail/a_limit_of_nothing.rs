//~~ pitfall: buffered-zero-hang
//! A limit of nothing: no item could ever begin.
use exercise::consume::map_ordered;

pub async fn misuse() -> Vec<u8> {
    let double = async |n: u8| 2 * n;
    map_ordered(futures::stream::iter([1, 2, 3]), 0, double).await //~ E0308
}

fn main() {}
