//! exercise: yield_now
//! tries: The same without the word unsafe, behind cfg_attr and with export_name.
//! must: The compiler of this edition refuses it.
//! verdict: does_not_compile

#[cfg_attr(all(), no_mangle)]
pub extern "C" fn write(_: i32, _: *const u8, length: usize) -> isize {
    length as isize
}

#[export_name = "malloc"]
pub extern "C" fn memory(_: usize) -> usize {
    0
}
