//! System calls that nothing in the sandbox needs.
//!
//! A list of what is refused, not of what is allowed: a compiler and a runtime
//! use many calls, new ones with every version, and other layers stand behind
//! this one.

use std::collections::BTreeMap;

use libc::c_long;
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, apply_filter,
};

/// Refused to everybody: the network, other processes' memory, new namespaces
/// and mounts, the kernel's own affairs.
const NEVER: &[c_long] = &[
    libc::SYS_socket,
    libc::SYS_connect,
    libc::SYS_bind,
    libc::SYS_listen,
    libc::SYS_accept,
    libc::SYS_accept4,
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_kcmp,
    libc::SYS_pidfd_getfd,
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_open_tree,
    libc::SYS_move_mount,
    libc::SYS_fsopen,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_mount_setattr,
    libc::SYS_mknodat,
    libc::SYS_name_to_handle_at,
    libc::SYS_open_by_handle_at,
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_io_uring_setup,
    libc::SYS_keyctl,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_kexec_load,
    libc::SYS_reboot,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_syslog,
    libc::SYS_quotactl,
    libc::SYS_acct,
    libc::SYS_settimeofday,
    libc::SYS_clock_settime,
    libc::SYS_adjtimex,
    libc::SYS_sethostname,
    libc::SYS_setdomainname,
    libc::SYS_personality,
];

/// Refused to tests besides: memory that no limit counts, and to leave the
/// process group in which they are ended.
const NOT_IN_TESTS: &[c_long] =
    &[libc::SYS_memfd_create, libc::SYS_memfd_secret, libc::SYS_setpgid, libc::SYS_setsid];

type Rules = BTreeMap<c_long, Vec<SeccompRule>>;

/// For everything in a world.
pub(super) fn shut_for_all() -> Result<(), String> {
    let mut rules = refused(NEVER);
    #[cfg(target_arch = "x86_64")]
    rules.extend(refused(&[libc::SYS_mknod]));
    apply(rules, libc::EPERM)?;
    hide_clone3()
}

/// For a test: it may have threads, but no processes.
pub(super) fn shut_for_tests() -> Result<(), String> {
    let mut rules = refused(NOT_IN_TESTS);
    let thread = libc::CLONE_THREAD as u64;
    let no_thread =
        SeccompCondition::new(0, SeccompCmpArgLen::Qword, SeccompCmpOp::MaskedEq(thread), 0);
    let rule = no_thread.and_then(|condition| SeccompRule::new(vec![condition]));
    rules.insert(libc::SYS_clone, vec![rule.map_err(|e| e.to_string())?]);
    #[cfg(target_arch = "x86_64")]
    rules.extend(refused(&[libc::SYS_fork, libc::SYS_vfork]));
    apply(rules, libc::EPERM)
}

/// What `clone3` is asked for stands in memory, where no filter can look. The
/// C library uses `clone` where a kernel does not know it.
fn hide_clone3() -> Result<(), String> {
    apply(refused(&[libc::SYS_clone3]), libc::ENOSYS)
}

fn refused(calls: &[c_long]) -> Rules {
    calls.iter().map(|call| (*call, Vec::new())).collect()
}

fn apply(rules: Rules, errno: i32) -> Result<(), String> {
    let arch = std::env::consts::ARCH.try_into().map_err(|e| format!("seccomp: {e}"))?;
    let refuse = SeccompAction::Errno(errno as u32);
    let program: BpfProgram = SeccompFilter::new(rules, SeccompAction::Allow, refuse, arch)
        .and_then(TryInto::try_into)
        .map_err(|e| format!("seccomp: {e}"))?;
    apply_filter(&program).map_err(|e| format!("seccomp: {e}"))
}
