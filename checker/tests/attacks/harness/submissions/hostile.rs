//! What stands around an answer, or in its place.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::PathBuf;
use std::process::Command;

use super::PLACE;

/// Compiles, and is wrong in every test.
const WRONG: &str = "pub async fn yield_now() {}\n";

/// Where a submission is made, and what it may reach for.
pub struct Site {
    /// The submission's own folder, not there yet.
    pub folder: PathBuf,
    /// All submissions.
    pub all: PathBuf,
    pub solution: PathBuf,
    pub canary: PathBuf,
}

impl Site {
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// Where the answer should be, with a folder to put it in.
    fn place(&self) -> PathBuf {
        let place = self.folder.join(PLACE);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        place
    }

    fn shell(&self) -> String {
        format!("#!/bin/sh\necho touched > {}\nexit 0\n", self.canary.display())
    }
}

/// A submission that attacks.
pub struct Hostile {
    pub name: &'static str,
    pub tries: &'static str,
    /// How it must stand: a status, `refused` or `missing`.
    pub must: &'static str,
    pub make: fn(&Site),
}

/// All of them.
pub const HOSTILE: &[Hostile] = &[
    Hostile {
        name: "a build script",
        tries: "Brings a manifest with a build script that writes elsewhere.",
        must: "failed",
        make: |site| {
            let canary = site.canary.display();
            site.write(
                "build.rs",
                format!(
                    "fn main() {{ std::fs::write({:?}, \"x\").unwrap(); }}",
                    canary.to_string()
                ),
            );
            site.write(
                "Cargo.toml",
                "[package]\nname = \"x\"\nversion = \"1.0.0\"\nbuild = \"build.rs\"\n",
            );
            site.write(PLACE, WRONG);
        },
    },
    Hostile {
        name: "tests of its own",
        tries: "Brings tests that pass, and a manifest without a harness, over those of the kit.",
        must: "failed",
        make: |site| {
            let manifest = "[package]\nname = \"asynclings-exercises\"\nversion = \"0.1.0\"\n\n[[test]]\nname = \"yield_now\"\npath = \"tests/yield_now/main.rs\"\nharness = false\n";
            site.write("Cargo.toml", manifest);
            site.write("tests/yield_now/main.rs", "fn main() { println!(\"test result: ok\"); }");
            for file in ["visible.rs", "hidden.rs"] {
                site.write(&format!("tests/yield_now/{file}"), "#[test]\nfn passes() {}\n");
            }
            site.write(PLACE, WRONG);
        },
    },
    Hostile {
        name: "settings of cargo",
        tries: "Names a runner, a wrapper and a linker of its own in .cargo/config.toml.",
        must: "failed",
        make: |site| {
            site.write("run.sh", site.shell());
            let run = site.folder.join("run.sh");
            let settings = format!(
                "[build]\nrustc-wrapper = {run:?}\n[target.'cfg(all())']\nrunner = {run:?}\nlinker = {run:?}\n"
            );
            site.write(".cargo/config.toml", &settings);
            site.write("exercises/02_futures_by_hand/.cargo/config.toml", &settings);
            site.write(PLACE, WRONG);
        },
    },
    Hostile {
        name: "a toolchain of its own",
        tries: "Names a toolchain in its own folder.",
        must: "failed",
        make: |site| {
            site.write("bin/rustc", site.shell());
            site.write("rust-toolchain.toml", "[toolchain]\npath = \".\"\n");
            site.write(
                "exercises/02_futures_by_hand/rust-toolchain",
                "[toolchain]\npath = \"../..\"\n",
            );
            site.write(PLACE, WRONG);
        },
    },
    Hostile {
        name: "a kit of its own",
        tries: "Brings its own kit, catalogue, checker, store and state.",
        must: "failed",
        make: |site| {
            for file in [
                "tests/kit/src/lib.rs",
                "checker/src/lib.rs",
                "exercises/catalogue.toml",
                ".asynclings/grades.sqlite",
                "target/asynclings/toolbox.json",
            ] {
                site.write(file, "forged");
            }
            site.write(PLACE, WRONG);
        },
    },
    Hostile {
        name: "a link to the solution",
        tries: "Has a link to the reference answer for an answer.",
        must: "refused",
        make: |site| symlink(&site.solution, site.place()).unwrap(),
    },
    Hostile {
        name: "a link to another",
        tries: "Has a link to another student's answer for an answer.",
        must: "refused",
        make: |site| symlink(site.all.join("a right one").join(PLACE), site.place()).unwrap(),
    },
    Hostile {
        name: "a link to a device",
        tries: "Has a link to a device that never ends for an answer, and a folder that is a link to itself.",
        must: "refused",
        make: |site| {
            symlink("/dev/zero", site.place()).unwrap();
            symlink(&site.folder, site.folder.join("again")).unwrap();
        },
    },
    Hostile {
        name: "a folder",
        tries: "Has a folder by the name of the answer.",
        must: "refused",
        make: |site| fs::create_dir_all(site.folder.join(PLACE)).unwrap(),
    },
    Hostile {
        name: "a pipe",
        tries: "Has a pipe for an answer, so that whoever opens it waits for ever.",
        must: "refused",
        make: |site| assert!(Command::new("mkfifo").arg(site.place()).status().unwrap().success()),
    },
    Hostile {
        name: "a socket",
        tries: "Has a socket for an answer.",
        must: "refused",
        make: |site| drop(UnixListener::bind(site.place()).unwrap()),
    },
    Hostile {
        name: "a terabyte",
        tries: "Has a file with holes for an answer that is larger than the disk.",
        must: "refused",
        make: |site| File::create(site.place()).unwrap().set_len(1 << 40).unwrap(),
    },
    Hostile {
        name: "nothing",
        tries: "Has an empty file for an answer.",
        must: "does_not_compile",
        make: |site| site.write(PLACE, ""),
    },
    Hostile {
        name: "names that are no text",
        tries: "Has names that are not UTF-8, with line ends and with signs for a terminal.",
        must: "failed",
        make: |site| {
            site.write(PLACE, WRONG);
            for name in [&b"\xff\xfe.rs"[..], b"yield_now.rs\n", b"\x1b[2Jpassed", b"..."] {
                fs::write(site.folder.join(OsStr::from_bytes(name)), "x").unwrap();
            }
        },
    },
    Hostile {
        name: "=cmd|' -C calc'!A0 <script>",
        tries: "Has a name that a table would calculate and a browser would run.",
        must: "failed",
        make: |site| site.write(PLACE, WRONG),
    },
    Hostile {
        name: "an archive that climbs.zip",
        tries: "Has names in an archive that lead out of it, to a canary and to another's answer.",
        must: "failed",
        make: |site| {
            let mut zip = zip::ZipWriter::new(File::create(&site.folder).unwrap());
            let options = zip::write::SimpleFileOptions::default();
            let canary = site.canary.display().to_string();
            let climb = format!("{}{}", "../".repeat(20), canary.trim_start_matches('/'));
            for (name, content) in [
                (canary.as_str(), "x"),
                (&climb, "x"),
                ("../a right one/exercises/02_futures_by_hand/yield_now.rs", "x"),
                (PLACE, WRONG),
            ] {
                zip.start_file(name, options).unwrap();
                zip.write_all(content.as_bytes()).unwrap();
            }
            zip.finish().unwrap();
        },
    },
    Hostile {
        name: "an archive with a link.tar.gz",
        tries: "Has a link out of an archive, and files behind it.",
        must: "failed",
        make: |site| {
            let packed = flate2::write::GzEncoder::new(
                File::create(&site.folder).unwrap(),
                flate2::Compression::fast(),
            );
            let mut tar = tar::Builder::new(packed);
            let mut link = tar::Header::new_gnu();
            link.set_entry_type(tar::EntryType::Symlink);
            link.set_size(0);
            tar.append_link(&mut link, "out", site.canary.parent().unwrap()).unwrap();
            for (name, content) in [("out/canary", "x"), (PLACE, WRONG)] {
                let mut file = tar::Header::new_gnu();
                file.set_size(content.len() as u64);
                tar.append_data(&mut file, name, content.as_bytes()).unwrap();
            }
            tar.into_inner().unwrap().finish().unwrap();
        },
    },
    Hostile {
        name: "an archive that explodes.zip",
        tries: "Has an answer of a few bytes that unpacks to eighty megabytes.",
        must: "refused",
        make: |site| {
            let mut zip = zip::ZipWriter::new(File::create(&site.folder).unwrap());
            zip.start_file(
                PLACE,
                zip::write::SimpleFileOptions::default().compression_level(Some(1)),
            )
            .unwrap();
            let noughts = vec![0; 1 << 20];
            for _ in 0..80 {
                zip.write_all(&noughts).unwrap();
            }
            zip.finish().unwrap();
        },
    },
    Hostile {
        name: "an archive that is none.zip",
        tries: "Has noise for an archive.",
        must: "missing",
        make: |site| fs::write(&site.folder, b"PK\x03\x04\xff\xff\xff\xff").unwrap(),
    },
    Hostile {
        name: "one that changes others",
        tries: "Writes over another student's answer, and over the store, while it is tested.",
        must: "failed",
        make: |site| {
            let other = site.all.join("a right one").join(PLACE);
            let store = site.all.with_extension("sqlite");
            let answer = format!(
                "pub async fn yield_now() {{\n    for file in [{other:?}, {store:?}] {{\n        let _ = std::fs::write(file, \"forged\");\n    }}\n}}\n"
            );
            site.write(PLACE, answer);
        },
    },
];
