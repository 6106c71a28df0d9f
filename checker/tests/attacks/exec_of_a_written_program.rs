//! exercise: yield_now
//! tries: Writes machine code to the scratch folder and becomes it: no compiler and no policy has seen that.
//! must: Nothing that a test can write can be run.
//! verdict: crashed|failed|hung

use std::fs::{self, Permissions};
use std::future::Future;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::pin::Pin;
use std::process::Command;
use std::task::{Context, Poll};

/// Writes a word and exits: an ELF header, one program header, 35 bytes of code.
fn program() -> Vec<u8> {
    let word = b"BREACH of machine code\n";
    let code = [
        &[0xb8, 1, 0, 0, 0, 0xbf, 1, 0, 0, 0, 0x48, 0x8d, 0x35, 16, 0, 0, 0, 0xba][..],
        &[word.len() as u8, 0, 0, 0, 0x0f, 0x05, 0xb8, 60, 0, 0, 0, 0x31, 0xff, 0x0f, 0x05],
        word,
    ]
    .concat();
    let (base, at) = (0x40_0000_u64, 120_u64);
    let size = at + code.len() as u64;
    let mut elf = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3e\0\x01\0\0\0".to_vec();
    for word in [base + at, 64, 0] {
        elf.extend(word.to_le_bytes());
    }
    elf.extend([0, 0, 0, 0, 64, 0, 56, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 5, 0, 0, 0]);
    for word in [0, base, base, size, size, 0x1000] {
        elf.extend(word.to_le_bytes());
    }
    elf.extend(code);
    elf
}

fn attack() {
    for path in ["/tmp/program", "/tmp/records/program", "program"] {
        let _ = fs::write(path, program());
        let _ = fs::set_permissions(path, Permissions::from_mode(0o755));
        println!("{path}: {}", Command::new(path).exec());
        for loader in ["/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"] {
            println!("{loader}: {}", Command::new(loader).arg(path).exec());
        }
    }
}

pub struct YieldNow;

pub fn yield_now() -> YieldNow {
    YieldNow
}

impl Future for YieldNow {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        attack();
        Poll::Ready(())
    }
}
