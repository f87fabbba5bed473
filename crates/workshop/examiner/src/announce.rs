use std::env;
use std::fs;
use std::io::{self, IsTerminal};
use std::process::{self, ExitCode};
use std::thread;

use coffee::{Ink, Timeline};
use verdict::Report;

/// The result of an exam.
#[derive(Debug)]
pub(crate) struct Verdict {
    pub(crate) timeline: Option<Timeline>,
    pub(crate) measured: Vec<String>,
    pub(crate) outcome: Result<String, String>,
}

/// Sits the exam and announces the verdict.
pub(crate) fn examine(exam: impl FnOnce() -> Verdict) -> ExitCode {
    if env::var_os(verdict::REPORT).is_some() {
        // Whatever becomes of the runner, no exercise runs on without it.
        thread::spawn(|| {
            let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
            process::exit(1);
        });
    }
    exam().announce()
}

impl Verdict {
    /// Without a run there is nothing to show.
    pub(crate) fn before_any_run(complaint: String) -> Self {
        Self { timeline: None, measured: Vec::new(), outcome: Err(complaint) }
    }

    /// Hands the verdict to the runner, or prints it if there is none. The exit code says the same.
    fn announce(self) -> ExitCode {
        let passed = self.outcome.is_ok();
        let told = match env::var_os(verdict::REPORT) {
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
        let columns = env::var(verdict::COLUMNS).ok().and_then(|columns| columns.parse().ok());
        let colour = env::var_os(verdict::COLOUR).is_some();
        Report {
            nonce: env::var(verdict::NONCE).unwrap_or_default(),
            passed: self.outcome.is_ok(),
            picture: self.picture(columns.unwrap_or(80), colour),
            measured: self.measured,
            sentence: self.outcome.unwrap_or_else(|complaint| complaint),
        }
    }

    fn picture(&self, columns: usize, colour: bool) -> String {
        let ink = if colour { Ink::Colour } else { Ink::Plain };
        let drawn = self.timeline.as_ref().filter(|timeline| !timeline.records().is_empty());
        drawn.map_or_else(String::new, |timeline| timeline.to_text(columns, ink))
    }

    fn print(&self) {
        let colour = io::stdout().is_terminal() && env::var_os("NO_COLOR").is_none();
        let picture = self.picture(80, colour);
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
