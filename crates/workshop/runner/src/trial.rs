use std::fs::File;
use std::io;
use std::io::Read;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use verdict::Report;

use crate::bounded::{self, Bounds, Ending, Ran};
use crate::catalogue::Exercise;
use crate::terminal::Terminal;

/// What came of running an exercise.
#[derive(Debug)]
pub(crate) struct Trial {
    /// What it came to.
    pub(crate) verdict: Verdict,
    /// What the attendee's code printed, shortened if it is long.
    pub(crate) printed: String,
}

#[derive(Debug)]
pub(crate) enum Verdict {
    /// The examiner's report.
    Told(Report),
    /// The program ended without one: the sentence that says why.
    Untold(String),
    /// It was stopped, because the result is not wanted any more.
    Abandoned,
}

/// A check on a paused clock takes milliseconds, and the one on the real clock a second or two.
const BOUNDS: Bounds = Bounds { time: Duration::from_secs(10), memory: 512 << 20, output: 4 << 20 };

/// Enough to follow what the attendee's code says of itself.
const LINES: usize = 20;

/// Runs the program of an exercise as a process of its own, within bounds, unless `abandon` says that
/// the result is not wanted any more.
pub(crate) fn run(
    program: &Path,
    exercise: &Exercise,
    abandon: &dyn Fn() -> bool,
    terminal: &Terminal,
) -> Result<Trial> {
    let folder = tempfile::tempdir().context("no temporary folder can be made")?;
    let report = folder.path().join("report.json");
    let mut command = Command::new(program);
    command.env(verdict::REPORT, &report);
    command.env(verdict::COLUMNS, terminal.columns().to_string());
    command.env_remove(verdict::COLOUR).env_remove("RUST_BACKTRACE");
    if terminal.colour() {
        command.env(verdict::COLOUR, "1");
    }
    let ran = bounded::run(command, BOUNDS, |_| {}, abandon);
    let ran = ran.with_context(|| format!("{} cannot be started", program.display()))?;
    let verdict = match ran.ending {
        Ending::Exited(status) => match read(&report) {
            Some(report) => Verdict::Told(report),
            None => Verdict::Untold(no_report(exercise, status.code(), &status.to_string())),
        },
        Ending::Abandoned => Verdict::Abandoned,
        Ending::TooLong => Verdict::Untold(format!(
            "{}.rs was still running after {} s and was stopped. On a paused clock waiting takes no \
             time: look for a loop without an end, for a call that blocks the thread, and for a std \
             lock that is held across an await",
            exercise.name,
            BOUNDS.time.as_secs()
        )),
        Ending::TooMuchMemory => Verdict::Untold(format!(
            "{}.rs took more than {} MB of memory and was stopped: look for a loop that spawns, sends \
             or collects without an end",
            exercise.name,
            BOUNDS.memory >> 20
        )),
        Ending::TooMuchOutput => Verdict::Untold(format!(
            "{}.rs printed more than {} MB and was stopped: look for a loop that prints without an end",
            exercise.name,
            BOUNDS.output >> 20
        )),
    };
    let shop = match &verdict {
        Verdict::Told(report) => report.shop,
        _ => None,
    };
    Ok(Trial { printed: printed(&ran, shop), verdict })
}

fn read(path: &Path) -> Option<Report> {
    let text = || -> io::Result<String> {
        let mut text = String::new();
        File::open(path)?.take(Report::LONGEST).read_to_string(&mut text)?;
        Ok(text)
    };
    Report::from_json(&text().ok()?)
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

/// What was printed in the shop with this number; without a number, in the last one that was opened.
fn printed(ran: &Ran, shop: Option<u32>) -> String {
    let shop = shop.or_else(|| shops(&ran.stderr).map(|(number, _)| number).max()).unwrap_or(0);
    let own = |output| {
        let printed = shops(output).filter(move |(number, _)| *number == shop);
        printed.flat_map(|(_, text)| text.lines()).collect::<Vec<_>>()
    };
    let lines = [own(&ran.stdout), own(&ran.stderr)].concat();
    let shown = lines.iter().take(LINES).map(|line| shortened(line));
    let mut printed: Vec<_> = shown.collect();
    if lines.len() > LINES {
        printed.push(format!("... and {} more lines", lines.len() - LINES));
    }
    printed.join("\n")
}

/// An output in parts, each with the number of the shop in which it was printed. What was printed
/// outside of any has the number 0.
fn shops(output: &str) -> impl Iterator<Item = (u32, &str)> {
    let (before, rest) = output.split_once(verdict::MARK).unwrap_or((output, ""));
    let marked = rest.split(verdict::MARK).filter_map(|part| {
        let (number, text) = part.split_once(verdict::END_OF_MARK)?;
        Some((number.parse().ok()?, text))
    });
    std::iter::once((0, before)).chain(marked)
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
    use super::{no_report, shops};
    use crate::catalogue;

    #[test]
    fn an_output_has_a_part_for_each_shop() {
        let output = "first\u{1e}1\u{1f}one\ntwo\n\u{1e}0\u{1f}between\u{1e}2\u{1f}three";
        let parts: Vec<_> = shops(output).collect();
        assert_eq!(parts, [(0, "first"), (1, "one\ntwo\n"), (0, "between"), (2, "three")]);
        assert_eq!(shops("milk").collect::<Vec<_>>(), [(0, "milk")]);
    }

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
