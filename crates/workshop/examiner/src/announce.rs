use std::env;
use std::fs;
use std::io::{self, IsTerminal};
use std::process::{self, ExitCode};
use std::sync::OnceLock;
use std::thread;

use coffee::{Ink, Timeline};
use verdict::Report;

use crate::interleaved::Steps;
use crate::sitting::Sitting;

/// The result of an exam.
#[derive(Debug)]
pub(crate) struct Verdict {
    pub(crate) drawing: Drawing,
    /// The number of the sitting in the drawing.
    pub(crate) shop: Option<u32>,
    pub(crate) measured: Vec<String>,
    /// Praise or complaint.
    pub(crate) outcome: Result<String, String>,
}

/// What there is to look at.
#[derive(Debug)]
pub(crate) enum Drawing {
    Nothing,
    Timeline(Box<Timeline>),
    Steps(Steps),
}

/// What [`verdict::SOURCE`] was when the attendee's file was compiled.
static SOURCE: OnceLock<&str> = OnceLock::new();

/// For [`exam!`](crate::exam) only.
#[doc(hidden)]
pub fn compiled_from(source: Option<&'static str>) {
    if let Some(source) = source {
        SOURCE.get_or_init(|| source);
    }
}

/// Holds the exam and announces the verdict.
pub(crate) fn examine(exam: impl FnOnce() -> Verdict) -> ExitCode {
    if env::var_os(verdict::REPORT).is_some() {
        // Whatever becomes of the runner, no exercise runs on without it.
        thread::spawn(|| {
            let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
            process::exit(1);
        });
    }
    if cfg!(panic = "abort") {
        let complaint = "This was compiled with panic = \"abort\", and then the first todo! ends the \
                         whole exercise before it can be told. Look for it in CARGO_PROFILE_DEV_PANIC, in \
                         RUSTFLAGS and in the configuration of cargo";
        return Verdict::before_any_run(complaint.to_owned()).announce();
    }
    exam().announce()
}

impl Verdict {
    /// Without a run there is nothing to show.
    pub(crate) fn before_any_run(complaint: String) -> Self {
        Self {
            drawing: Drawing::Nothing,
            shop: None,
            measured: Vec::new(),
            outcome: Err(complaint),
        }
    }

    /// A verdict that shows what happened in one shop.
    pub(crate) fn on<T>(sitting: &Sitting<T>, outcome: Result<String, String>) -> Self {
        let drawing = Drawing::Timeline(Box::new(sitting.timeline.clone()));
        Self { drawing, shop: Some(sitting.number), measured: Vec::new(), outcome }
    }

    /// The verdict after one more part of the exam, which counts only if all before is passed.
    pub(crate) fn and(self, part: impl FnOnce() -> Result<(), Self>) -> Self {
        match self.outcome {
            Ok(_) => part().err().unwrap_or(self),
            Err(_) => self,
        }
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
                eprintln!("error: the verdict cannot be written: {error}");
                ExitCode::FAILURE
            }
        }
    }

    fn into_report(self) -> Report {
        let columns = env::var(verdict::COLUMNS).ok().and_then(|columns| columns.parse().ok());
        let colour = env::var_os(verdict::COLOUR).is_some();
        Report {
            source: SOURCE.get().map(|source| (*source).to_owned()),
            passed: self.outcome.is_ok(),
            picture: self.drawing.draw(columns.unwrap_or(80), colour),
            shop: self.shop,
            measured: self.measured,
            sentence: self.outcome.unwrap_or_else(|complaint| complaint),
        }
    }

    fn print(&self) {
        let colour = io::stdout().is_terminal() && env::var_os("NO_COLOR").is_none();
        let picture = self.drawing.draw(80, colour);
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

impl Drawing {
    fn draw(&self, columns: usize, colour: bool) -> String {
        let ink = if colour { Ink::Colour } else { Ink::Plain };
        match self {
            Self::Timeline(timeline) if !timeline.records().is_empty() => {
                timeline.to_text(columns, ink)
            }
            Self::Timeline(_) | Self::Nothing => String::new(),
            Self::Steps(steps) => steps.draw(columns),
        }
    }
}
