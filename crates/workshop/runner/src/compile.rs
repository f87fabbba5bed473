use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::bounded::{self, Bounds, Ending, Ran};
use crate::catalogue::Exercise;
use crate::desk::Desk;
use crate::terminal::Terminal;

/// What the compiler made of an exercise.
#[derive(Debug)]
pub(crate) struct Compiled {
    /// The program, unless there were errors.
    pub(crate) program: Option<PathBuf>,
    /// What the compiler says about the attendee's file, errors before warnings, each as it would
    /// print it.
    pub(crate) remarks: Vec<Remark>,
}

#[derive(Debug)]
pub(crate) struct Remark {
    pub(crate) is_error: bool,
    pub(crate) text: String,
    /// Where it points, counted from 1.
    pub(crate) line: Option<u64>,
}

/// The first compilation downloads and compiles tokio, on a slow machine and network maybe.
const BOUNDS: Bounds =
    Bounds { time: Duration::from_secs(900), memory: u64::MAX, output: 64 << 20 };

/// Cargo as it was called, so that `cargo +beta workshop` means the same for the exercises.
pub(crate) fn cargo(desk: &Desk) -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    cargo.current_dir(desk.root());
    // What `cargo run` told this program about itself is not about the exercise.
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(&*name);
        }
    }
    cargo
}

/// Compiles one exercise and nothing of the others, from the file with this fingerprint.
///
/// Cargo looks at time stamps, and a file may come back with an older one: from a backup, by `mv`, from a
/// machine whose clock lags. So the fingerprint goes into the environment. The exercise's file mentions
/// [`verdict::SOURCE`], and cargo compiles it again when that has another value.
pub(crate) fn compile(
    desk: &Desk,
    exercise: &Exercise,
    source: &str,
    terminal: &Terminal,
) -> Result<Compiled> {
    let what = ["--package", "exercises", "--bin", exercise.name];
    let ran = build(desk, &what, &[(verdict::SOURCE, source)], terminal)?;
    let messages: Vec<Value> =
        ran.stdout.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let own = |message: &&Value| message["target"]["name"] == exercise.name;
    let mut remarks: Vec<_> =
        messages.iter().filter(own).filter_map(|message| remark(&message["message"])).collect();
    remarks.sort_by_key(|remark| !remark.is_error);
    let program = messages.iter().filter(own).find_map(|message| message["executable"].as_str());
    match ran.ending {
        Ending::Exited(status) if status.success() => {
            let program = program.context("cargo compiled the exercise and names no program")?;
            Ok(Compiled { program: Some(program.into()), remarks })
        }
        Ending::Exited(_) if remarks.iter().any(|remark| remark.is_error) => {
            Ok(Compiled { program: None, remarks })
        }
        Ending::Exited(_) => {
            terminal.say(elsewhere(&messages, &ran.stderr).trim_end());
            bail!(
                "cargo could not compile the exercise, and the reason stands above; it is not in your \
                 file. cargo workshop doctor looks for the usual ones"
            )
        }
        _ => bail!(
            "cargo was not done after {} minutes, and was stopped",
            BOUNDS.time.as_secs() / 60
        ),
    }
}

/// Lets cargo build, and passes on what it says while that takes long.
pub(crate) fn build(
    desk: &Desk,
    what: &[&str],
    environment: &[(&str, &str)],
    terminal: &Terminal,
) -> Result<Ran> {
    let colour = if terminal.colour() { "json-diagnostic-rendered-ansi" } else { "json" };
    let mut cargo = cargo(desk);
    cargo.arg("build").args(what).arg(format!("--message-format={colour}"));
    cargo.env("CARGO_TERM_COLOR", "never").env("CARGO_TERM_PROGRESS_WHEN", "never");
    // The examiner catches panics, and cannot where they abort.
    cargo.env("CARGO_PROFILE_DEV_PANIC", "unwind");
    cargo.envs(environment.iter().copied());
    let say = Terminal::new();
    let hear = move |line: &str| {
        const SLOW: [&str; 5] = ["Blocking", "Compiling", "Downloaded", "Downloading", "Updating"];
        let words = line.trim_start();
        // The exercise itself is compiled each time, and that is no news.
        if SLOW.iter().any(|slow| words.starts_with(slow)) && !words.contains(" exercises ") {
            say.mention(line);
        }
    };
    let ran = bounded::run(cargo, BOUNDS, hear, &|| false);
    ran.context("cargo cannot be started: is Rust installed? See https://rustup.rs")
}

fn remark(message: &Value) -> Option<Remark> {
    let is_error = match message["level"].as_str()? {
        "error" => true,
        "warning" => false,
        _ => return None,
    };
    // "aborting due to 1 previous error", "2 warnings emitted": that is no remark of its own. An
    // error without a place is one: the file is not UTF-8, say.
    let spans = message["spans"].as_array()?;
    let place = spans.iter().find(|span| span["is_primary"] == true);
    let summary = message["message"].as_str()?.starts_with("aborting due to");
    if summary || (place.is_none() && !is_error) {
        return None;
    }
    let text = message["rendered"].as_str()?.trim_end().to_owned();
    Some(Remark { is_error, text, line: place.and_then(|place| place["line_start"].as_u64()) })
}

/// What went wrong outside the attendee's file: another crate's errors, or what cargo itself says.
fn elsewhere(messages: &[Value], stderr: &str) -> String {
    let errors = messages.iter().filter(|message| message["message"]["level"] == "error");
    let rendered: Vec<_> =
        errors.filter_map(|message| message["message"]["rendered"].as_str()).collect();
    if rendered.is_empty() { last_lines(stderr, 15) } else { rendered.join("\n") }
}

pub(crate) fn last_lines(text: &str, most: usize) -> String {
    let lines: Vec<_> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(most)..].join("\n")
}
