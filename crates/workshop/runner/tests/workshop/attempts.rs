//! Answers to the exercises, right and wrong, judged all at once: each is a module of one program
//! that is compiled once, so that a hundred answers cost one linking.
//!
//! `attempts/NN-NAME.rs` holds the answers to one exercise, a module each: what the module has
//! replaces the item of the same name in the solution. `mod right_...` must pass, `mod wrong_...`
//! must fail, and the snapshots show with which sentence. `mod refused_...` does not compile: those
//! go through the companion.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use crate::support::{Clone, files, finish, text};

/// One answer to an exercise.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    /// The exercise, as its file is named.
    pub(crate) exercise: String,
    /// `starter`, `solution`, or the name of its module.
    pub(crate) name: String,
    pub(crate) text: String,
}

impl Attempt {
    fn is_refused(&self) -> bool {
        self.name.starts_with("refused_")
    }

    pub(crate) fn should_pass(&self) -> bool {
        self.name == "solution" || self.name.starts_with("right_")
    }
}

/// What the examiner said of an attempt.
#[derive(Debug)]
pub(crate) struct Judged {
    pub(crate) attempt: Attempt,
    pub(crate) passed: bool,
    pub(crate) sentence: String,
}

/// Starters, solutions and all attempts, by exercise.
pub(crate) fn all() -> Vec<Attempt> {
    let all = files("starters");
    all.iter().flat_map(|exercise| of(exercise)).filter(|attempt| !attempt.is_refused()).collect()
}

/// Those that rustc refuses.
pub(crate) fn refused() -> Vec<Attempt> {
    let all = files("starters");
    all.iter().flat_map(|exercise| of(exercise)).filter(Attempt::is_refused).collect()
}

fn of(exercise: &str) -> Vec<Attempt> {
    let attempt = |name: &str, text| Attempt { exercise: exercise.into(), name: name.into(), text };
    let [starter, solution] =
        ["starters", "solutions"].map(|folder| text(&format!("{folder}/{exercise}")));
    let mut attempts = vec![attempt("starter", starter)];
    for (name, module) in modules(&folder().join(exercise).with_extension("rs")) {
        attempts.push(attempt(&name, with_items_of(&solution, &module)));
    }
    attempts.insert(1, attempt("solution", solution));
    attempts
}

/// The whole file of one attempt.
pub(crate) fn text_of(exercise: &str, name: &str) -> String {
    let attempt = of(exercise).into_iter().find(|attempt| attempt.name == name);
    attempt.unwrap_or_else(|| panic!("{exercise} has no attempt {name}")).text
}

pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workshop/attempts")
}

/// The modules of a file and what stands in them, moved to the left margin.
fn modules(path: &Path) -> Vec<(String, String)> {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut modules: Vec<(String, String)> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        match line.strip_prefix("mod ").and_then(|rest| rest.strip_suffix(" {")) {
            Some(name) => modules.push((name.to_owned(), String::new())),
            None if inside && line != "}" => {
                let module = &mut modules.last_mut().expect("it has begun").1;
                *module += line.strip_prefix("    ").unwrap_or(line);
                *module += "\n";
            }
            None => {}
        }
        inside = line != "}" && (inside || line.starts_with("mod "));
    }
    modules
}

/// The solution, in which each item of the attempt replaces the one of the same name. What the
/// solution does not have is added.
fn with_items_of(solution: &str, attempt: &str) -> String {
    let mut whole = items(solution);
    for item in items(attempt) {
        match whole.iter_mut().find(|theirs| name(theirs).is_some_and(|n| Some(n) == name(&item))) {
            Some(theirs) => *theirs = item,
            None => whole.push(item),
        }
    }
    whole.join("\n")
}

/// A text as rustfmt leaves it, item by item, without what it says at the top.
fn items(text: &str) -> Vec<String> {
    let mut items = Vec::new();
    let mut item = String::new();
    for line in text.lines().filter(|line| !line.starts_with("//!")) {
        item += line;
        item += "\n";
        let is_margin = !line.starts_with([' ', '#', '/']);
        if line.starts_with('}') || (is_margin && (line.ends_with(';') || line.ends_with("{}"))) {
            items.push(std::mem::take(&mut item));
        }
    }
    assert_eq!(item.trim(), "", "an item without an end");
    items
}

/// What an item is called: `fn serve`. A `use` and an `impl` have no name.
fn name(item: &str) -> Option<String> {
    let line = item.lines().find(|line| !line.is_empty() && !line.starts_with(['/', '#']))?;
    let line = line.strip_prefix("pub ").unwrap_or(line);
    let line = line.strip_prefix("async ").unwrap_or(line);
    let (kind, rest) = line.split_once(' ')?;
    let end = rest.find(|sign: char| !sign.is_alphanumeric() && sign != '_').unwrap_or(rest.len());
    match kind {
        "use" | "impl" => None,
        _ => Some(format!("{kind} {}", &rest[..end])),
    }
}

/// Compiles all attempts into one program of the clone's package `exercises`, and has each of them
/// judged in a process of its own.
pub(crate) fn judge(clone: &Clone, attempts: Vec<Attempt>) -> Vec<Judged> {
    let program = compile(clone, &attempts);
    // What is measured on the real clock wants the machine for itself.
    let (alone, crowd): (Vec<_>, Vec<_>) = attempts
        .into_iter()
        .enumerate()
        .partition(|(_, attempt)| attempt.exercise.contains("grinder"));
    let waiting = Mutex::new(crowd);
    let done = Mutex::new(Vec::new());
    let work = || {
        while let Some((i, attempt)) = { waiting.lock().expect("no panic").pop() } {
            let judged = run(&program, i, attempt);
            done.lock().expect("no panic").push((i, judged));
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    let mut done = done.into_inner().expect("no panic");
    done.extend(alone.into_iter().map(|(i, attempt)| (i, run(&program, i, attempt))));
    done.sort_by_key(|(i, _)| *i);
    done.into_iter().map(|(_, judged)| judged).collect()
}

fn compile(clone: &Clone, attempts: &[Attempt]) -> PathBuf {
    let folder = clone.folder().join("attempts");
    let mut main = "use std::process::ExitCode;\n\nfn main() -> ExitCode {\n    \
                    match std::env::args().nth(1).as_deref() {\n"
        .to_owned();
    let mut modules = String::new();
    for (i, attempt) in attempts.iter().enumerate() {
        let Attempt { exercise, text, .. } = attempt;
        let own = folder.join(i.to_string());
        fs::create_dir_all(&own).expect("a folder can be made");
        let text =
            format!("{text}\npub(crate) fn judged() -> std::process::ExitCode {{ main() }}\n");
        clone.write_path(&own.join(format!("{exercise}.rs")), &text);
        writeln!(modules, "#[path = \"{i}/{exercise}.rs\"]\nmod a{i};").expect("it grows");
        writeln!(main, "        Some(\"{i}\") => a{i}::judged(),").expect("it grows");
    }
    main += "        other => panic!(\"no attempt {other:?}\"),\n    }\n}\n";
    clone.write_path(&folder.join("main.rs"), &(modules + &main));
    clone.add_bin("attempts", "attempts/main.rs");

    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "--package", "exercises", "--bin", "attempts"]);
    clone.prepare(&mut cargo);
    let ran = finish(cargo);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    clone.built().join("debug").join("attempts").with_extension(std::env::consts::EXE_EXTENSION)
}

/// Runs one attempt without the companion: then the examiner prints what it thinks.
fn run(program: &Path, i: usize, attempt: Attempt) -> Judged {
    let mut command = Command::new(program);
    command.arg(i.to_string()).stdin(Stdio::null());
    let command = snapbox::cmd::Command::from_std(command).timeout(Duration::from_secs(60));
    let output = command.output().expect("the program runs");
    let said = String::from_utf8_lossy(&output.stdout);
    let verdicts = ["Passed: ", "Not yet: "];
    let start = verdicts.iter().find_map(|word| said.rfind(word)).unwrap_or_else(|| {
        let Attempt { exercise, name, .. } = &attempt;
        panic!("{exercise} {name} has no verdict: {output:?}")
    });
    let sentence = said[start..].trim().replace('\n', " ");
    let passed = output.status.success();
    assert_eq!(passed, sentence.starts_with("Passed: "), "the exit code says the same");
    Judged { attempt, passed, sentence }
}
