//! exercise: yield_now
//! tries: Imports global_asm! under another name, which needs no word unsafe, to define main.
//! must: The compiler forbids it like unsafe.
//! verdict: does_not_compile

use core::arch::global_asm as words;

words!(".globl main", "main:", "ret");

pub fn yield_now() -> std::future::Ready<()> {
    std::future::ready(())
}
