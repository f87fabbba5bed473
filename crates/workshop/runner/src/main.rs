//! `cargo workshop`: the attendee's companion through the exercises.
//!
//! It compiles an exercise, runs it as a process of its own within bounds of time, memory and
//! output, and shows the timeline of the attendee's own code with the examiner's verdict. It knows
//! nothing of tokio or of the shop, so that it is built soon, and it has a sentence for everything that
//! the attendee's code may do.
//!
//! # Reading order
//!
//! `catalogue`, the exercises; `desk`, where things lie in the clone, `progress` with `marks`, and
//! `saved`; `bounded`, a process that cannot get out of hand; `compile`, `trial` and `check`; `watch`;
//! `reset`; `texts`, what is only shown; `doctor`; `terminal`.

mod catalogue;
mod desk;
mod marks;
mod progress;
mod saved;

mod bounded;

mod check;
mod compile;
mod trial;
mod watch;

mod reset;
mod texts;

mod doctor;

mod terminal;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Result, bail};
use clap::{Parser, Subcommand};

use crate::catalogue::Exercise;
use crate::desk::Desk;
use crate::progress::Progress;
use crate::terminal::Terminal;

#[derive(Debug, Parser)]
#[command(name = "cargo workshop", bin_name = "cargo workshop")]
#[command(about = "Exercises in the coffee shop. Without a command: where you are, what is next")]
struct Args {
    #[command(subcommand)]
    command: Option<Command>,

    /// The clone to work in, instead of the one that this runner was built in
    #[arg(long, value_name = "FOLDER", env = "WORKSHOP_ROOT", global = true, hide = true)]
    root: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Compile and run an exercise: its timeline, and the verdict
    Check {
        /// Its number or name; the next one to do, if left out
        exercise: Option<String>,
    },
    /// Check each exercise as soon as its file is saved, until Ctrl-C
    Watch {
        /// Only this one, by number or name
        exercise: Option<String>,
        /// How often to look at the files. That works on every file system, also where changes
        /// are not announced; on a slow network drive, look less often
        #[arg(long, value_name = "SECONDS", default_value = "0.2", value_parser = poll_seconds)]
        poll: Duration,
    },
    /// Show the next of three hints: a nudge, the idea, the shape of the code
    Hint {
        /// Its number or name; the next one to do, if left out
        exercise: Option<String>,
        /// Show the hints up to this one
        #[arg(long, value_parser = clap::value_parser!(u8).range(1..=3))]
        tier: Option<u8>,
    },
    /// Show our solution, once the exercise is passed
    Solution {
        /// Its number or name
        exercise: String,
        /// Show it although the exercise is not passed yet
        #[arg(long)]
        peek: bool,
    },
    /// Go back to the starter; your version is kept beside it
    Reset {
        /// Its number or name
        #[arg(required_unless_present = "all")]
        exercise: Option<String>,
        /// All exercises
        #[arg(long, conflicts_with = "exercise")]
        all: bool,
    },
    /// All exercises, and how far you are
    List,
    /// Whether this machine is ready for the day
    Doctor {
        /// The port that the shop will need
        #[arg(long, default_value_t = 8080)]
        port: u16,
    },
}

fn main() -> ExitCode {
    let args = Args::parse();
    let terminal = Terminal::new();
    match run(&args, &terminal) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            terminal.complain(&format!("{error:#}"));
            ExitCode::from(2)
        }
    }
}

/// Says whether all is well: the exercise passed, the machine is ready.
fn run(args: &Args, terminal: &Terminal) -> Result<bool> {
    let desk = Desk::find(args.root.as_deref())?;
    let mut progress = Progress::read(&desk, terminal);
    let chosen = |name: &Option<String>, default: &'static Exercise| match name {
        Some(name) => catalogue::find(name),
        None => Ok(default),
    };
    let next = progress.next().unwrap_or(catalogue::last());
    match &args.command {
        None => texts::welcome(&desk, &progress, terminal),
        Some(Command::List) => texts::list(&progress, terminal),
        Some(Command::Check { exercise }) => {
            let exercise = chosen(exercise, next)?;
            let checked =
                check::check(&desk, exercise, check::Next::Command, &mut progress, terminal)?;
            return Ok(checked == check::Checked::Passed);
        }
        Some(Command::Watch { exercise, poll }) => {
            let only = exercise.as_deref().map(catalogue::find).transpose()?;
            watch::watch(&desk, only, *poll, &mut progress, terminal)?;
        }
        Some(Command::Hint { exercise, tier }) => {
            texts::hint(chosen(exercise, next)?, *tier, &mut progress, terminal)?;
        }
        Some(Command::Solution { exercise, peek }) => {
            let exercise = catalogue::find(exercise)?;
            if !peek && !progress.was_passed(exercise) {
                bail!(
                    "the solution of exercise {0} is shown once you have passed it. Ask for a hint \
                     first: cargo workshop hint {0}; or look all the same: cargo workshop solution \
                     {0} --peek",
                    exercise.number()
                );
            }
            terminal.say(exercise.solution);
        }
        Some(Command::Reset { exercise: Some(exercise), .. }) => {
            reset::reset(&desk, catalogue::find(exercise)?, &mut progress, terminal)?;
        }
        Some(Command::Reset { .. }) => reset::all(&desk, &mut progress, terminal)?,
        Some(Command::Doctor { port }) => return doctor::doctor(&desk, *port, terminal),
    }
    Ok(true)
}

fn poll_seconds(text: &str) -> Result<Duration, String> {
    const RANGE: std::ops::RangeInclusive<f64> = 0.05..=60.0;
    let seconds = text.parse().ok().filter(|seconds| RANGE.contains(seconds));
    let seconds = seconds.map(Duration::from_secs_f64);
    seconds.ok_or_else(|| "not a number of seconds from 0.05 to 60; try 1".to_owned())
}
