use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};
use std::{io, process};

use anyhow::{Context, Result};
use verdict::Report;

use crate::bounded::{self, Bounds, Ending, Ran};
use crate::catalogue::Exercise;
use crate::terminal::Terminal;

/// What came of running an exercise.
#[derive(Debug)]
pub(crate) struct Trial {
    /// The examiner's report; or, if the program ended without one, the sentence that says why.
    pub(crate) verdict: Result<Report, String>,
    /// What the attendee's code printed, shortened if it is long.
    pub(crate) printed: String,
}

/// A check on a paused clock takes milliseconds, and the one on the real clock a second or two.
const BOUNDS: Bounds = Bounds { time: Duration::from_secs(10), memory: 512 << 20, output: 4 << 20 };

/// Enough for somebody who prints to see what happens.
const LINES: usize = 20;

/// Runs the program of an exercise as a process of its own, within bounds.
pub(crate) fn run(program: &Path, exercise: &Exercise, terminal: &Terminal) -> Result<Trial> {
    let folder = tempfile::tempdir().context("no temporary folder can be made")?;
    let report = folder.path().join("report.json");
    let nonce = nonce();
    let mut command = Command::new(program);
    command.env(verdict::REPORT, &report).env(verdict::NONCE, &nonce);
    command.env(verdict::COLUMNS, terminal.columns().to_string());
    command.env_remove(verdict::COLOUR).env_remove("RUST_BACKTRACE");
    if terminal.colour() {
        command.env(verdict::COLOUR, "1");
    }
    let ran = bounded::run(command, BOUNDS, |_| {});
    let ran = ran.with_context(|| format!("{} cannot be started", program.display()))?;
    let printed = printed(&ran);
    let verdict = match ran.ending {
        Ending::Exited(status) => read(&report, &nonce)
            .ok_or_else(|| no_report(exercise, status.code(), &status.to_string())),
        Ending::TooLong => Err(format!(
            "{}.rs was still running after {} s and was stopped. On a paused clock waiting takes no \
             time: look for a loop without an end, for a call that blocks the thread, and for a std \
             lock that is held across an await",
            exercise.name,
            BOUNDS.time.as_secs()
        )),
        Ending::TooMuchMemory => Err(format!(
            "{}.rs took more than {} MB of memory and was stopped: look for a loop that spawns, sends \
             or collects without an end",
            exercise.name,
            BOUNDS.memory >> 20
        )),
        Ending::TooMuchOutput => Err(format!(
            "{}.rs printed more than {} MB and was stopped: look for a loop that prints without an end",
            exercise.name,
            BOUNDS.output >> 20
        )),
    };
    Ok(Trial { verdict, printed })
}

/// A word that no other run has, so that an old report, or one that was printed, does not count.
fn nonce() -> String {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    format!("{}-{}", process::id(), now.as_nanos())
}

fn read(path: &Path, nonce: &str) -> Option<Report> {
    let text = || -> io::Result<String> {
        let mut text = String::new();
        File::open(path)?.take(Report::LONGEST).read_to_string(&mut text)?;
        Ok(text)
    };
    let report = Report::from_json(&text().ok()?)?;
    (report.nonce == nonce).then_some(report)
}

fn no_report(exercise: &Exercise, code: Option<i32>, status: &str) -> String {
    let name = exercise.name;
    match code {
        Some(0) => format!(
            "{name}.rs ended before its check did. Does main still end as in the starter, and does \
             nothing call exit?"
        ),
        // Elsewhere than on Unix a crash is a code, too, and larger than any program's own.
        Some(code @ 0..=255) => format!(
            "{name}.rs ended with exit code {code} before its check did: does anything call exit?"
        ),
        _ => format!(
            "{name}.rs crashed before its check was done ({status}): look for a function that calls \
             itself without an end, or for an abort"
        ),
    }
}

fn printed(ran: &Ran) -> String {
    let lines: Vec<_> = ran.stdout.lines().chain(ran.stderr.lines()).collect();
    let shown = lines.iter().take(LINES).map(|line| shortened(line));
    let mut printed: Vec<_> = shown.collect();
    if lines.len() > LINES {
        printed.push(format!("... and {} more lines", lines.len() - LINES));
    }
    printed.join("\n")
}

fn shortened(line: &str) -> String {
    const LONGEST: usize = 200;
    // The attendee's own escapes could leave the terminal in any state.
    let line: String = line.chars().filter(|sign| !sign.is_control()).take(LONGEST + 1).collect();
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &line[..end]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::no_report;
    use crate::catalogue;

    #[test]
    fn a_crash_is_no_exit_code() {
        let says = |code| no_report(&catalogue::ALL[0], code, "the status");
        assert!(says(Some(7)).contains("exit code 7"));
        let overflow = -1_073_741_571 /* STATUS_STACK_OVERFLOW on Windows */;
        for crash in [None, Some(overflow), Some(3_221_225)] {
            assert!(says(crash).contains("crashed before its check was done"), "{crash:?}");
        }
    }
}
