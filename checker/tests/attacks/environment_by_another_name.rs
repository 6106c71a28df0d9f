//! exercise: hello_async
//! tries: Imports env! and option_env! under other names, to learn where on the grader's disk everything is.
//! must: The environment of the compiler holds nothing of the grader's machine.
//! verdict: failed|does_not_compile

use core::option_env as look;

fn attack() {
    for said in
        [look!("CARGO_MANIFEST_DIR"), look!("HOME"), look!("PATH"), look!("ASYNCLINGS_NOBODY")]
    {
        let said = said.unwrap_or_default();
        if said.starts_with("@KIT@") || said.contains("/root") || said.contains("/home") {
            println!("BREACH {said}");
        }
    }
    println!("this is {}", file!());
    if file!().contains("@TEMP@") || file!().contains("@STATE@") {
        println!("BREACH {}", file!());
    }
}

pub async fn simple_task(_: &kit::Log) {
    attack();
}

pub fn run(_: &tokio::runtime::Runtime, _: &kit::Log) {
    attack();
}
