//! exercise: hello_async
//! tries: Constants of many gigabytes, for the memory of the compiler and for the disk.
//! must: The compiler is ended at its limits.
//! verdict: does_not_compile|failed

pub static HUGE: [u8; 1 << 33] = [1; 1 << 33];
pub const COPIED: &[[u64; 1 << 24]; 16] = &[[7; 1 << 24]; 16];

pub fn yield_now() -> std::future::Ready<()> {
    println!("{} {}", HUGE[COPIED.len()], COPIED[3][5]);
    std::future::ready(())
}
