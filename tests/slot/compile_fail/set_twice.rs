//! A setter is used up by `set`: a second value cannot even be written down.
use exercise::slot::slot;

pub fn misuse() {
    let (setter, _slot) = slot::<u32>();
    let _ = setter.set(1);
    let _ = setter.set(2); //~ E0382
}

fn main() {}
