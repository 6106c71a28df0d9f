//! exercise: yield_now
//! tries: Takes the place of write, malloc and main of the C library.
//! must: The word unsafe is refused, with its line.
//! verdict: does_not_compile
//! says: policy-unsafe

#[unsafe(no_mangle)]
pub extern "C" fn write(_: i32, _: *const u8, length: usize) -> isize {
    length as isize
}

#[unsafe(no_mangle)]
pub extern "C" fn main() -> i32 {
    0
}
