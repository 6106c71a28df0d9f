//! Things outside that no answer may touch, and whether one did.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::ErrorKind;
use std::net::{TcpListener, UdpSocket};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{env, fs};

use asynclings::kit::Kit;
use tempfile::TempDir;

/// How long the kernel may take to bury processes that were killed.
const BURIAL: Duration = Duration::from_secs(20);

const CANARY: &str = "a canary: nobody may see or touch this";

pub struct Outside {
    root: PathBuf,
    state: PathBuf,
    tracked: BTreeMap<PathBuf, u64>,
    /// Beside the state folder, at home, and where temporary files are.
    folders: Vec<TempDir>,
    tcp: TcpListener,
    udp: UdpSocket,
    unix: UnixListener,
    hidden_unix: UnixListener,
    /// That the last of these listens at.
    name: String,
}

impl Outside {
    pub fn new(kit: &Kit) -> Self {
        let state = kit.target().join("asynclings");
        fs::create_dir_all(&state).unwrap();
        let home = PathBuf::from(env::var_os("HOME").unwrap());
        let folders: Vec<TempDir> = [kit.target(), home, env::temp_dir()]
            .iter()
            .map(|at| tempfile::Builder::new().prefix("canary").tempdir_in(at).unwrap())
            .collect();
        for folder in &folders {
            fs::write(folder.path().join("canary"), CANARY).unwrap();
        }
        let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
        let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
        let unix = UnixListener::bind(folders[2].path().join("socket")).unwrap();
        // The folder's name is nobody else's.
        let name = folders[2].path().file_name().unwrap().to_str().unwrap().to_owned();
        let hidden = SocketAddr::from_abstract_name(&name).unwrap();
        let hidden_unix = UnixListener::bind_addr(&hidden).unwrap();
        tcp.set_nonblocking(true).unwrap();
        udp.set_nonblocking(true).unwrap();
        unix.set_nonblocking(true).unwrap();
        hidden_unix.set_nonblocking(true).unwrap();
        let root = kit.root().to_owned();
        let tracked = hashes(&root);
        Outside { root, state, tracked, folders, tcp, udp, unix, hidden_unix, name }
    }

    /// A file that nobody may touch.
    pub fn canary(&self) -> PathBuf {
        self.folders[0].path().join("canary")
    }

    /// What stands in an attack for a place outside.
    pub fn places(&self) -> Vec<(&'static str, String)> {
        let shown = |path: &Path| path.to_str().unwrap().to_owned();
        vec![
            ("@KIT@", shown(&self.root)),
            ("@STATE@", shown(&self.state)),
            ("@BESIDE@", shown(self.folders[0].path())),
            ("@HOME@", shown(self.folders[1].path())),
            ("@TEMP@", shown(self.folders[2].path())),
            ("@TCP@", self.tcp.local_addr().unwrap().port().to_string()),
            ("@UDP@", self.udp.local_addr().unwrap().port().to_string()),
            ("@UNIX@", shown(&self.folders[2].path().join("socket"))),
            ("@ABSTRACT@", self.name.clone()),
        ]
    }

    /// All that an attack on this exercise has left behind outside.
    pub fn what_was_touched(&self, exercise: &str) -> Vec<String> {
        let mut found = Vec::new();
        for folder in &self.folders {
            let names: Vec<_> = fs::read_dir(folder.path())
                .unwrap()
                .map(|e| e.unwrap().file_name().into_string().unwrap())
                .filter(|name| name != "socket")
                .collect();
            let content = fs::read_to_string(folder.path().join("canary"));
            if names != ["canary"] || content.ok().as_deref() != Some(CANARY) {
                found.push(format!("{} was touched: {names:?}", folder.path().display()));
            }
        }
        if hashes(&self.root) != self.tracked {
            found.push("files of the kit were changed".to_owned());
        }
        found.extend(self.tcp.accept().is_ok().then(|| "a port was reached".to_owned()));
        let reached =
            !matches!(self.udp.recv(&mut [0; 8]), Err(e) if e.kind() == ErrorKind::WouldBlock);
        found.extend(reached.then(|| "a datagram came".to_owned()));
        found.extend(self.unix.accept().is_ok().then(|| "a socket was reached".to_owned()));
        found.extend(self.hidden_unix.accept().is_ok().then(|| "a name was reached".to_owned()));
        found.extend(self.who_is_left(exercise));
        found
    }

    /// A process whose command line names a workplace of this exercise. A
    /// process that was killed may take a moment to be gone.
    fn who_is_left(&self, exercise: &str) -> Option<String> {
        let place = format!("{}/", self.state.join("work").join(exercise).display());
        let begun = Instant::now();
        loop {
            let left = fs::read_dir("/proc").unwrap().find_map(|entry| {
                let line = fs::read(entry.ok()?.path().join("cmdline")).ok()?;
                let line = String::from_utf8_lossy(&line).replace('\0', " ");
                line.contains(&place).then_some(line)
            })?;
            if begun.elapsed() > BURIAL {
                return Some(format!(
                    "still there: {}",
                    left.chars().take(300).collect::<String>()
                ));
            }
            std::thread::yield_now();
        }
    }
}

/// The kit's own files by their content: what git tracks, or would.
fn hashes(root: &Path) -> BTreeMap<PathBuf, u64> {
    let mut hashes = BTreeMap::new();
    for name in ["exercises", "solutions", "tests", "checker/src", "checker/record"] {
        add(&root.join(name), &mut hashes);
    }
    for name in ["Cargo.toml", "Cargo.lock", ".cargo/config.toml"] {
        add(&root.join(name), &mut hashes);
    }
    hashes
}

fn add(path: &Path, hashes: &mut BTreeMap<PathBuf, u64>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            add(&entry.unwrap().path(), hashes);
        }
        return;
    }
    let mut hasher = DefaultHasher::new();
    fs::read(path).unwrap().hash(&mut hasher);
    hashes.insert(path.to_owned(), hasher.finish());
}
