//! A copy of the clone to work in, and the runner as a process, each bounded in time.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Nothing takes this long, except to compile everything on a slow machine.
const PATIENCE: Duration = Duration::from_secs(600);

pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(3).expect("this crate is three folders below the root").to_owned()
}

/// The file names in a folder of `crates/workshop/exercises`, sorted.
pub(crate) fn files(folder: &str) -> Vec<String> {
    let folder = root().join("crates/workshop/exercises").join(folder);
    let names = fs::read_dir(folder).expect("a folder").map(|entry| {
        let name = entry.expect("an entry").file_name().into_string().expect("UTF-8");
        name.split_once(".rs").map_or(name.clone(), |(stem, _)| stem.to_owned())
    });
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

/// A text of `crates/workshop/exercises`, for instance `solutions/03-join`.
pub(crate) fn text(name: &str) -> String {
    let path = root().join("crates/workshop/exercises").join(format!("{name}.rs"));
    let text = fs::read_to_string(&path);
    text.unwrap_or_else(|error| panic!("{}: {error}", path.display())).replace("\r\n", "\n")
}

pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

pub(crate) fn finish(command: Command) -> Ran {
    let output = snapbox::cmd::Command::from_std(command).timeout(PATIENCE).output();
    let output = output.expect("the program runs");
    Ran {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).expect("UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

/// A copy of the clone. One test at a time has it, and finds it as after `git clone`.
pub(crate) struct Clone {
    root: PathBuf,
    _lent: MutexGuard<'static, ()>,
}

static ONE: Mutex<()> = Mutex::new(());

impl Clone {
    pub(crate) fn lend() -> Self {
        let lent = ONE.lock().unwrap_or_else(PoisonError::into_inner);
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("clone");
        copy(&self::root(), &root);
        let clone = Self { root, _lent: lent };
        for name in files("starters") {
            clone.write(&name, &text(&format!("starters/{name}")));
        }
        clone
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.root.join("crates/workshop/exercises")
    }

    /// The attendee saves an exercise.
    pub(crate) fn write(&self, exercise: &str, text: &str) {
        self.write_path(&self.folder().join(format!("{exercise}.rs")), text);
    }

    /// Writes a file of the clone, unless it says so already: then cargo has nothing to compile.
    pub(crate) fn write_path(&self, path: &Path, text: &str) {
        if fs::read_to_string(path).is_ok_and(|before| before == text) {
            return;
        }
        fs::write(path, text).expect("it can be written");
    }

    /// Adds a program to the clone's package of exercises.
    pub(crate) fn add_bin(&self, name: &str, path: &str) {
        let manifest = self.folder().join("Cargo.toml");
        let text = fs::read_to_string(&manifest).expect("there is a manifest");
        let bin = format!("\n[[bin]]\nname = \"{name}\"\npath = \"{path}\"\n");
        self.write_path(&manifest, &(text + &bin));
    }

    /// The folder that cargo builds in.
    pub(crate) fn built(&self) -> PathBuf {
        self.root.with_file_name("built")
    }

    /// The attendee saves an exercise in whose starter the first `todo!` became this.
    pub(crate) fn solve(&self, exercise: &str, with: &str) {
        let starter = text(&format!("starters/{exercise}"));
        let (before, rest) = starter.split_once("todo!(").expect("something to do");
        let (_, after) = rest.split_once("\")").expect("a todo ends");
        self.write(exercise, &format!("{before}{with}{after}"));
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_workshop"));
        command.args(args).arg("--root").arg(&self.root);
        self.prepare(&mut command);
        command
    }

    pub(crate) fn prepare(&self, command: &mut Command) {
        command.current_dir(&self.root).stdin(Stdio::null());
        command.env("CARGO", env!("CARGO")).env("CARGO_TARGET_DIR", self.built());
        for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "RUST_BACKTRACE", "RUSTFLAGS"] {
            command.env_remove(variable);
        }
    }

    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        finish(self.command(args))
    }

    /// What a check of this exercise says at last, in one line, and whether it passes.
    pub(crate) fn verdict(&self, exercise: &str) -> (bool, String) {
        let ran = self.run(&["check", exercise]);
        let passed = match ran.code {
            Some(0) => true,
            Some(1) => false,
            _ => panic!("{exercise}: {:?}\n{}\n{}", ran.code, ran.stdout, ran.stderr),
        };
        let verdicts = ["Passed: ", "Not yet: "];
        let start = verdicts.iter().find_map(|word| ran.stdout.rfind(word));
        let start = start.unwrap_or_else(|| panic!("{exercise} has no verdict:\n{}", ran.stdout));
        let verdict = ran.stdout[start..].split("\n\n").next().unwrap_or_default();
        (passed, verdict.trim().replace('\n', " "))
    }
}

/// Makes `to` a copy of the sources. What is the same already is left alone, so that cargo need not
/// look at it again; what is no source any more is removed.
fn copy(from: &Path, to: &Path) {
    const NOT: [&str; 3] = [".git", "node_modules", "target"];
    fs::create_dir_all(to).expect("a folder can be made");
    let mut names = Vec::new();
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let name = entry.file_name();
        if NOT.iter().any(|not| name == *not) || is_attendees(&entry.path()) {
            continue;
        }
        names.push(name.clone());
        let (from, to) = (entry.path(), to.join(&name));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            let text = fs::read(&from).expect("a file can be read");
            if fs::read(&to).ok().as_ref() != Some(&text) {
                fs::write(&to, text).expect("a file can be written");
            }
        }
    }
    for entry in fs::read_dir(to).expect("a folder") {
        let entry = entry.expect("an entry");
        if !names.contains(&entry.file_name()) {
            let path = entry.path();
            let removed =
                if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
            removed.expect("it can be removed");
        }
    }
}

/// The files right in `crates/workshop/exercises` are the attendee's, and so is the progress: for the former
/// stand the starters.
fn is_attendees(path: &Path) -> bool {
    if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(".workshop.json")) {
        return true;
    }
    let folder = path.parent().and_then(Path::file_name);
    folder.is_some_and(|folder| folder == "exercises")
        && path.extension().is_some_and(|extension| extension == "rs")
}

/// Compares with a file in `snapshots`; `SNAPSHOTS=overwrite` writes it.
pub(crate) fn assert_snapshot(actual: &str, name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workshop/snapshots").join(name);
    let expected = snapbox::Data::read_from(&path, Some(snapbox::data::DataFormat::Text));
    snapbox::assert_data_eq!(actual.to_owned(), expected.raw());
}
