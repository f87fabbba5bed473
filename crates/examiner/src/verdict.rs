use std::env;
use std::fs;
use std::io::{self, IsTerminal, Read};
use std::process::{self, ExitCode};
use std::thread;

use coffee::{Ink, Timeline};
use serde::{Deserialize, Serialize};

/// Names the file into which a verdict is to be written, instead of onto standard output. It is
/// the runner's, and with it the runner holds the other end of standard input: when that closes,
/// the runner is gone, and the exercise ends.
pub const REPORT_VARIABLE: &str = "WORKSHOP_REPORT";
/// A word that the report repeats, so that it cannot be the report of another run.
pub const NONCE_VARIABLE: &str = "WORKSHOP_NONCE";
/// How many columns the timeline may take.
pub const COLUMNS_VARIABLE: &str = "WORKSHOP_COLUMNS";
/// `colour`, or anything else for none.
pub const INK_VARIABLE: &str = "WORKSHOP_INK";

/// What an exercise tells the runner.
#[derive(Debug, Deserialize, Serialize)]
pub struct Report {
    /// The word from [`NONCE_VARIABLE`].
    pub nonce: String,
    /// Whether the exercise is passed.
    pub passed: bool,
    /// The timeline of the attendee's own code, drawn; empty if there is nothing to draw.
    pub picture: String,
    /// What else the run measured, a line each.
    pub measured: Vec<String>,
    /// The verdict in a sentence or a few.
    pub sentence: String,
}

/// No report is longer than this, in bytes. Whoever reads one need not read on.
#[must_use]
pub const fn longest_report() -> u64 {
    256 * 1024
}

/// The result of an exam.
#[derive(Debug)]
pub(crate) struct Verdict {
    pub(crate) timeline: Option<Timeline>,
    pub(crate) measured: Vec<String>,
    pub(crate) outcome: Result<String, String>,
}

impl Verdict {
    /// Without a run there is nothing to show.
    pub(crate) fn before_any_run(complaint: String) -> Self {
        Self { timeline: None, measured: Vec::new(), outcome: Err(complaint) }
    }

    /// Hands the verdict to the runner, or prints it if there is none. The exit code says the
    /// same.
    pub(crate) fn announce(self) -> ExitCode {
        let passed = self.outcome.is_ok();
        let told = match env::var_os(REPORT_VARIABLE) {
            Some(path) => fs::write(path, self.into_report().to_json()),
            None => {
                self.print();
                Ok(())
            }
        };
        match told {
            Ok(()) if passed => ExitCode::SUCCESS,
            Ok(()) => ExitCode::FAILURE,
            Err(error) => {
                eprintln!("error: the verdict cannot be written: {error}. Is the disk full?");
                ExitCode::FAILURE
            }
        }
    }

    fn into_report(self) -> Report {
        let columns = env::var(COLUMNS_VARIABLE).ok().and_then(|columns| columns.parse().ok());
        let ink = match env::var(INK_VARIABLE) {
            Ok(ink) if ink == "colour" => Ink::Colour,
            _ => Ink::Plain,
        };
        Report {
            nonce: env::var(NONCE_VARIABLE).unwrap_or_default(),
            passed: self.outcome.is_ok(),
            picture: self.picture(columns.unwrap_or(80), ink),
            measured: self.measured,
            sentence: self.outcome.unwrap_or_else(|complaint| complaint),
        }
    }

    fn picture(&self, columns: usize, ink: Ink) -> String {
        let drawn = self.timeline.as_ref().filter(|timeline| !timeline.records().is_empty());
        drawn.map_or_else(String::new, |timeline| timeline.to_text(columns, ink))
    }

    fn print(&self) {
        let colour = io::stdout().is_terminal() && env::var_os("NO_COLOR").is_none();
        let picture = self.picture(80, if colour { Ink::Colour } else { Ink::Plain });
        if !picture.is_empty() {
            println!("{picture}");
        }
        for line in &self.measured {
            println!("{}", textwrap::fill(line, 80));
        }
        let (word, sentence) = match &self.outcome {
            Ok(praise) => ("Passed", praise),
            Err(complaint) => ("Not yet", complaint),
        };
        println!("{}", textwrap::fill(&format!("{word}: {sentence}."), 80));
    }
}

impl Report {
    fn to_json(&self) -> String {
        serde_json::to_string(self).expect("words and truth values can always be written")
    }
}

/// Sits the exam and announces the verdict.
pub(crate) fn examine(exam: impl FnOnce() -> Verdict) -> ExitCode {
    if env::var_os(REPORT_VARIABLE).is_some() {
        // Whatever becomes of the runner, no exercise runs on without it.
        thread::spawn(|| {
            let _ = io::copy(&mut io::stdin().lock().take(u64::MAX), &mut io::sink());
            process::exit(1);
        });
    }
    exam().announce()
}
