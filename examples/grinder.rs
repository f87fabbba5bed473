//! Work instead of waiting, five ways side by side. The code to read is `crates/lessons/grinder`.
//!
//! `cargo run --release --example grinder`

use std::io::{self, ErrorKind, Write};
use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::thread::available_parallelism;

use clap::Parser;
use grinder::{Error, Sack, Trial, Way, grind, trial};
use timeline::count;

/// Grinds the same beans in five ways: how long each takes, and who has to wait meanwhile
#[derive(Debug, Parser)]
#[command(bin_name = "cargo run --release --example grinder --")]
struct Show {
    /// How many beans to grind
    #[arg(long, value_name = "N", default_value = "3000000", value_parser = sack)]
    beans: Sack,
}

fn main() -> ExitCode {
    match show(&Show::parse().beans) {
        Err(Failure::Output(error)) if error.kind() != ErrorKind::BrokenPipe => {
            eprintln!("error: the output cannot be written: {error}. Look where it goes");
            ExitCode::FAILURE
        }
        Err(Failure::Grinder(error)) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
        Ok(()) | Err(Failure::Output(_)) => ExitCode::SUCCESS,
    }
}

fn show(sack: &Sack) -> Result<(), Failure> {
    let cores = available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let mut out = io::stdout().lock();
    let grounds = grind(sack)?;
    writeln!(
        out,
        "Grinding {} beans by the rule of Collatz: {} steps.",
        grounds.beans, grounds.steps
    )?;
    writeln!(
        out,
        "{} for grinding, one worker for all who wait.\n",
        count(cores.get() as u64, "core")
    )?;
    if cfg!(debug_assertions) {
        writeln!(
            out,
            "This is a debug build, which works slowly: add --release after cargo run.\n"
        )?;
    }
    writeln!(out, "  way                        time  speed-up  longest gap")?;
    let mut alone = None;
    for (number, way) in (1..).zip(Way::ALL) {
        let Trial { grounds: ground, took, longest_gap, .. } = trial(way, sack.clone(), cores)?;
        assert_eq!(ground, grounds, "every way grinds the same beans");
        let alone = *alone.get_or_insert(took);
        let speed_up = alone.as_secs_f64() / took.as_secs_f64();
        let [took, gap] = [took, longest_gap].map(|time| time.as_secs_f64() * 1e3);
        writeln!(out, "{number} {way:20} {took:7.0} ms {speed_up:8.1}x {gap:9.0} ms")?;
        writeln!(out, "  {}\n", way.sentence())?;
    }
    writeln!(out, "{}", explain(cores))?;
    Ok(())
}

fn explain(cores: NonZeroUsize) -> String {
    let gap = "The longest gap is how long the other customers stood still: a task that wants to\n\
               beat every 5 ms measured it on the executor's only worker. With more workers it\n\
               takes as many grinding customers to stop them all.\n";
    let speed = match cores.get() {
        1 => {
            "This machine offers one core, so 1.0x is the honest speed-up: five ways to hand work\n\
             around make no second core. Waiting scales with tasks, work scales with cores."
                .to_owned()
        }
        cores => format!(
            "{cores} cores can at best be {cores}.0x as fast, and only if no other program uses them.\n\
             Waiting scales with tasks, work scales with cores."
        ),
    };
    format!("{gap}{speed}")
}

fn sack(text: &str) -> Result<Sack, String> {
    let beans = text.parse().map_err(|_| "not a number of beans; try 1000000".to_owned())?;
    Sack::of(beans).map_err(|error| error.to_string())
}

enum Failure {
    Grinder(Error),
    Output(io::Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Grinder(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}
