//! exercise: yield_now
//! tries: Puts a function among those that run before main, and before the kit reads its secret.
//! must: The word unsafe is refused, with its line.
//! verdict: does_not_compile
//! says: policy-unsafe

#[used]
#[unsafe(link_section = ".init_array")]
static BEFORE_MAIN: extern "C" fn() = {
    extern "C" fn forge() {
        println!("BREACH before main");
        std::process::exit(0);
    }
    forge
};
