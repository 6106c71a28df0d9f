//! exercise: yield_now
//! tries: The same without the word unsafe, as earlier editions had it, handed to the attribute by a macro.
//! must: The compiler of this edition refuses it.
//! verdict: does_not_compile

macro_rules! early {
    ($($place:tt)*) => {
        #[used]
        #[$($place)*]
        static BEFORE_MAIN: extern "C" fn() = forge;
    };
}

early!(link_section = ".init_array");

extern "C" fn forge() {
    println!("BREACH before main");
    std::process::exit(0);
}
