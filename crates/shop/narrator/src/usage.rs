use std::fmt::Write;

use anstyle::{AnsiColor, Effects, Style};
use console::Term;
use textwrap::{fill, wrap};

use crate::lesson::Lesson;

/// What `--help` says of the flags that all steps have.
pub mod help {
    /// Of `--paused`.
    pub const PAUSED: &str = "Run on a paused clock and one thread: exact times, at once";
    /// Of `--svg`.
    pub const SVG: &str = "Write the timeline as a picture, too";
    /// Of `--plain`.
    pub const PLAIN: &str = "No colour, no emoji, no progress bar; also with NO_COLOR, or if the \
                             output is no terminal";
    /// Of `--action-seconds`, without its default.
    pub const ACTION_SECONDS: &str =
        "How long each action takes; or three: pay, espresso and milk, such as 1,2,3";
}

// The styles of clap, which the other steps use.
const HEADER: Style = Style::new().effects(Effects::BOLD.insert(Effects::UNDERLINE));
const LITERAL: Style = Style::new().effects(Effects::BOLD);
const ERROR: Style = AnsiColor::Red.on_default().effects(Effects::BOLD);
const VALID: Style = AnsiColor::Green.on_default();

/// A flag as it is written, and what `--help` says of it.
const FLAGS: [(&str, &str); 5] = [
    ("      --paused", help::PAUSED),
    ("      --svg <FILE>", help::SVG),
    ("      --plain", help::PLAIN),
    ("      --action-seconds <SECONDS>", ""), // with its default: see `text`
    ("  -h, --help", "Print help"),
];

/// What `--help` prints for a step that serves one customer.
pub(crate) fn text(lesson: &Lesson) -> String {
    let Lesson { number, idea, seen, .. } = lesson;
    let run = format!("cargo run --example step{number}");
    let width = Term::stdout().size_checked().map_or(100, |(_, columns)| columns.into()).min(100);
    let seconds = format!("{} [default: 2]", help::ACTION_SECONDS);
    let mut text = fill(&format!("Step {number}: {idea}"), width);
    let _ = write!(text, "\n\n{}\n\n{HEADER}Options:{HEADER:#}\n", usage(lesson));
    for (flag, help) in FLAGS {
        let help = if help.is_empty() { &seconds } else { help };
        let _ = writeln!(text, "{}", option(flag, help, width));
    }
    let seen = fill(&format!("What there is to see: {seen}"), width);
    let tries = format!("  {run}               6 seconds\n  {run} -- --paused   the same at once");
    text + &format!("\n{seen}\n\nTry:\n{tries}\n")
}

/// What is printed for a command line that is wrong.
pub(crate) fn refusal(lesson: &Lesson, problem: &str) -> String {
    let mut text = format!("{ERROR}error:{ERROR:#} {problem}\n\n");
    if let Some(flag) = similar(problem) {
        let tip =
            format!("{VALID}tip:{VALID:#} a similar argument exists: '{VALID}{flag}{VALID:#}'");
        let _ = write!(text, "  {tip}\n\n");
    }
    if problem.starts_with("unexpected") {
        let _ = write!(text, "{}\n\n", usage(lesson));
    }
    text + &format!("For more information, try '{LITERAL}--help{LITERAL:#}'.\n")
}

fn usage(lesson: &Lesson) -> String {
    let number = lesson.number;
    format!(
        "{HEADER}Usage:{HEADER:#} {LITERAL}cargo run --example step{number} --{LITERAL:#} [OPTIONS]"
    )
}

/// A flag in bold, and in the column beside it what it does.
fn option(flag: &str, help: &str, width: usize) -> String {
    const COLUMN: usize = 34;
    let name = flag.split_once(" <").map_or(flag, |(name, _)| name);
    let value = &flag[name.len()..];
    let help = wrap(help, width.max(2 * COLUMN) - COLUMN).join(&format!("\n{:COLUMN$}", ""));
    format!("{LITERAL}{name}{LITERAL:#}{value}{:1$}{help}", "", COLUMN - flag.len())
}

/// The flag that begins like the one which was not expected.
fn similar(problem: &str) -> Option<&'static str> {
    let typed = problem.strip_prefix("unexpected argument '--")?.strip_suffix("' found")?;
    let names = ["--paused", "--svg", "--plain", "--action-seconds", "--help"];
    names
        .into_iter()
        .find(|name| typed.len() >= 3 && name.as_bytes()[2..].starts_with(&typed.as_bytes()[..3]))
}
