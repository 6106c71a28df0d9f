//! How students hand in.

use std::fs::{self, File as DiskFile};
use std::io::Write;
use std::path::{Path, PathBuf};

use asynclings::catalogue::Exercise;
use flate2::Compression;
use flate2::write::GzEncoder;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// What a submission looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The files, side by side.
    Flat,
    /// All of a checkout, with a manifest and tests of one's own.
    Checkout,
    Zip,
    TarGz,
}

impl Shape {
    pub fn of(number: usize) -> Self {
        [Shape::Flat, Shape::Checkout, Shape::Zip, Shape::TarGz][number % 4]
    }

    pub fn may_have_links(self) -> bool {
        cfg!(unix) && matches!(self, Shape::Flat | Shape::Checkout)
    }
}

/// One file of a submission.
pub struct File {
    chapter: String,
    name: String,
    content: Content,
}

enum Content {
    Regular(Vec<u8>),
    Link(&'static str),
}

impl File {
    pub fn regular(exercise: &Exercise, content: &[u8]) -> Self {
        File::new(exercise, Content::Regular(content.to_owned()))
    }

    pub fn link(exercise: &Exercise, to: &'static str) -> Self {
        File::new(exercise, Content::Link(to))
    }

    fn new(exercise: &Exercise, content: Content) -> Self {
        File { chapter: exercise.folder.clone(), name: format!("{}.rs", exercise.name), content }
    }
}

/// Writes a student's files into the folder of submissions.
pub fn write(folder: &Path, student: &str, shape: Shape, files: &[File]) {
    let checkout = |file: &File| PathBuf::from("exercises").join(&file.chapter).join(&file.name);
    match shape {
        Shape::Flat => {
            // Also one who has nothing to hand in may hand in a folder.
            fs::create_dir_all(folder.join(student)).unwrap();
            files.iter().for_each(|f| lay(&folder.join(student).join(&f.name), &f.content));
        }
        Shape::Checkout => {
            let root = folder.join(student).join("asynclings");
            files.iter().for_each(|f| lay(&root.join(checkout(f)), &f.content));
            for (name, text) in [
                ("Cargo.toml", "[package]\nname = \"mine\"\n[lib]\nharness = false\n"),
                ("build.rs", "fn main() { std::process::exit(1) }\n"),
                ("tests/hello_async/hidden.rs", "#[test]\nfn passes() {}\n"),
                (".cargo/config.toml", "[build]\nrustc = \"/bin/true\"\n"),
            ] {
                lay(&root.join(name), &Content::Regular(text.into()));
            }
        }
        Shape::Zip => {
            let file = DiskFile::create(folder.join(format!("{student}.zip"))).unwrap();
            let mut zip = ZipWriter::new(file);
            for file in files {
                let Content::Regular(content) = &file.content else { continue };
                let path = format!("work/{}", checkout(file).display());
                zip.start_file(path, SimpleFileOptions::default()).unwrap();
                zip.write_all(content).unwrap();
            }
            zip.finish().unwrap();
        }
        Shape::TarGz => {
            let file = DiskFile::create(folder.join(format!("{student}.tar.gz"))).unwrap();
            let mut tar = tar::Builder::new(GzEncoder::new(file, Compression::fast()));
            for file in files {
                let Content::Regular(content) = &file.content else { continue };
                let mut header = tar::Header::new_gnu();
                header.set_size(content.len() as u64);
                header.set_mode(0o644);
                header.set_mtime(1_760_000_000);
                tar.append_data(&mut header, &file.name, &content[..]).unwrap();
            }
            tar.into_inner().unwrap().finish().unwrap();
        }
    }
}

fn lay(path: &Path, content: &Content) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    match content {
        Content::Regular(content) => fs::write(path, content).unwrap(),
        #[cfg(unix)]
        Content::Link(to) => std::os::unix::fs::symlink(to, path).unwrap(),
        #[cfg(not(unix))]
        Content::Link(_) => unreachable!("no shape has links here"),
    }
}
