//! Millions in one call, in two ways: a task for each customer, and a task for thirty. The code to
//! read is `crates/lessons/batched`.
//!
//! `cargo run --release --example batched -- 30000 3000000`
//!
//! Each way runs in a process of its own, this program started again, because a peak of memory
//! belongs to a process and never falls.

use std::io::{self, ErrorKind, Write};
use std::process::{Command, ExitCode};
use std::{env, thread};

use clap::{Parser, ValueEnum};
use coffee::{Durations, Shop};
use measured::{Cost, Meter, own_process};

/// Serves customers in one call, once with a task for each of them and once with a task for thirty,
/// and compares what that costs in time and in memory
#[derive(Parser, Debug)]
struct Args {
    /// How many customers come at once; several numbers give several comparisons
    #[arg(value_name = "CUSTOMERS", default_values_t = USUAL, num_args = 1..=8)]
    #[arg(value_parser = customers, allow_negative_numbers = true)]
    customers: Vec<u32>,

    /// Serve in this way only, in this process, and print the figures as JSON
    #[arg(long, value_name = "WAY")]
    only: Option<Way>,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
enum Way {
    /// A task for each customer: `crates/steps/nested-joins`
    Simple,
    /// A task for thirty customers: `crates/lessons/batched`
    Batched,
    /// A task for a thousand, whose waits are numbers: `crates/lessons/table`
    Table,
}

impl Way {
    const fn name(self) -> &'static str {
        match self {
            Self::Simple => "simple",
            Self::Batched => "batched",
            Self::Table => "table",
        }
    }

    async fn serve(self, shop: &Shop, customers: u32) {
        match self {
            Self::Simple => nested_joins::serve(shop, customers).await,
            Self::Batched => batched::serve(shop, customers).await,
            Self::Table => table::serve(shop, customers).await,
        }
    }
}

const DEBUG: bool = cfg!(debug_assertions);
const USUAL: [u32; 2] = if DEBUG { [300, 3_000] } else { [30_000, 3_000_000] };
/// In a release build the simple way takes 8 GB for these.
const MOST: u32 = if DEBUG { 30_000 } else { 10_000_000 };
const RELEASE: &str = "cargo run --release --example batched --";

fn customers(text: &str) -> Result<u32, String> {
    match text.parse() {
        Ok(0) => Err("0 customers are too few; try 3000".to_owned()),
        Ok(customers) if customers <= MOST => Ok(customers),
        Ok(customers @ ..=10_000_000) => Err(format!(
            "too many for a debug build, which serves up to {MOST}; for this many: {RELEASE} \
             {customers}"
        )),
        _ => Err(format!("not a whole number from 1 to {MOST}; try 3000")),
    }
}

fn main() -> ExitCode {
    let args = Args::parse();
    let done = match args.only {
        Some(way) => args.customers.iter().try_for_each(|customers| measure(way, *customers)),
        None => compare(&args.customers),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Serves in this process, and tells the figures to [`measured`].
fn measure(way: Way, customers: u32) -> io::Result<()> {
    let shop = Shop::new(Durations::default());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_time().build()?;
    let meter = Meter::start();
    runtime.block_on(way.serve(&shop, customers));
    measured::tell(&meter.stop())
}

/// Serves in a process of its own.
fn measured(way: Way, customers: u32) -> io::Result<Cost> {
    let what = format!("{customers} customers served in the {} way", way.name());
    let mut again = Command::new(env::current_exe()?);
    again.args(["--only", way.name(), &customers.to_string()]);
    own_process(&what, &mut again).map_err(io::Error::other)
}

/// What the customers had to wait beyond the two seconds that no barista can beat, in seconds.
fn beyond(cost: &Cost) -> f64 {
    cost.wall.saturating_sub(Durations::default().pay).as_secs_f64()
}

/// The peak of memory in MB; 0 where the system does not tell.
fn peak(cost: &Cost) -> f64 {
    cost.peak.unwrap_or(0) as f64 / 1e6
}

fn compare(all: &[u32]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let build = if DEBUG { "debug" } else { "release" };
    let cores = thread::available_parallelism()?;
    writeln!(out, "On {cores} cores, {build} build, each line a process of its own.")?;
    if DEBUG {
        writeln!(
            out,
            "A debug build says little; for figures that count: {RELEASE} 30000 3000000"
        )?;
    }
    if !cfg!(target_os = "linux") {
        writeln!(out, "Peak memory is measured on Linux only, and 0 here.")?;
    }
    writeln!(out, "\ncustomers  way      wall time  beyond 2 s   CPU time  peak memory")?;
    for customers in all.iter().copied() {
        let simple = line(&mut out, Way::Simple, customers)?;
        for way in [Way::Batched, Way::Table] {
            let other = line(&mut out, way, customers)?;
            writeln!(
                out,
                "           ratio               {:>10}  {:>9}  {:>11}",
                ratio(beyond(&other), beyond(&simple)),
                ratio(other.cpu.as_secs_f64(), simple.cpu.as_secs_f64()),
                ratio(peak(&other), peak(&simple)),
            )?;
        }
    }
    Ok(())
}

fn line(out: &mut impl Write, way: Way, customers: u32) -> io::Result<Cost> {
    let cost = measured(way, customers)?;
    writeln!(
        out,
        "{customers:>9}  {:<7}  {:>7.3} s  {:>8.3} s  {:>7.3} s  {:>8.0} MB",
        way.name(),
        cost.wall.as_secs_f64(),
        beyond(&cost),
        cost.cpu.as_secs_f64(),
        peak(&cost),
    )?;
    out.flush()?;
    Ok(cost)
}

/// What another way costs for each unit that the simple way costs.
fn ratio(other: f64, simple: f64) -> String {
    if simple > 0.0 { format!("{:.2}", other / simple) } else { "unknown".to_owned() }
}
