//! What concurrency itself costs for each customer, in wall time and in memory, on the real clock.
//!
//! `cargo bench -p benches --bench overhead`: about five minutes. With `-- --quick` only 1,000
//! customers, once.
//!
//! No criterion here: peak memory can only be had from a process that did nothing else, so each
//! cell of the table is one, and a run of seconds needs no statistics to tell it from another.

use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::Result;
use benches::overhead::{Allocator, Outcome, Overhead, Row, WHY, Way};
use clap::Parser;
use measured::{Data, Taken, median, own_process};

/// Wall time and memory for each customer, in several ways and with two allocators
#[derive(Debug, Parser)]
#[command(bin_name = "cargo bench -p benches --bench overhead --")]
struct Args {
    /// Only the ways whose name contains this
    filter: Option<String>,

    /// Keep the figures in benches/data, from where the charts are drawn
    #[arg(long, conflicts_with_all = ["quick", "filter"])]
    save: bool,

    /// Only 1,000 customers, and each cell once
    #[arg(long)]
    quick: bool,

    /// Cargo says so when it benches; else this is a test that the program works
    #[arg(long, hide = true)]
    bench: bool,

    /// As tests are asked; there is nothing to list
    #[arg(long, hide = true)]
    list: bool,

    // What criterion's benches understand may stand on the same command line.
    #[arg(long, short, hide = true)]
    noplot: bool,
    #[arg(long, hide = true)]
    test: bool,
    #[arg(long, hide = true)]
    save_baseline: Option<String>,
    #[arg(long, hide = true)]
    baseline: Option<String>,
    #[arg(long, hide = true)]
    format: Option<String>,
}

/// How much is measured.
struct Extent {
    customers: &'static [u32],
    runs: usize,
    action_ms: u64,
    /// For the ways that would not end.
    limit_ms: u64,
}

const FULL: Extent =
    Extent { customers: &[1_000, 30_000, 1_000_000], runs: 3, action_ms: 2_000, limit_ms: 20_000 };
const QUICK: Extent = Extent { customers: &[1_000], runs: 1, ..FULL };
const TEST: Extent = Extent { action_ms: 50, ..QUICK };

fn main() -> ExitCode {
    let args = Args::parse();
    match measure(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn measure(args: &Args) -> Result<()> {
    if args.list {
        return Ok(());
    }
    let extent = match (args.bench && !args.test, args.quick) {
        (true, false) => FULL,
        (true, true) => QUICK,
        (false, _) => TEST,
    };
    let overhead = Overhead { taken: Taken::now(Overhead::COMMAND), rows: rows(args, &extent)? };
    let waiting = extent.action_ms as f64 / 1e3;
    say(&format!("{}\nAll customers wait {waiting} s.\n\n{overhead}", overhead.taken.caption()))?;
    if args.bench && !args.quick {
        say(&format!("\n{WHY}"))?;
    }
    if args.save {
        say(&format!("\nKept in {}\n", overhead.save()?.display()))?;
    }
    Ok(())
}

fn rows(args: &Args, extent: &Extent) -> Result<Vec<Row>> {
    let asked = |way: &Way| args.filter.as_ref().is_none_or(|part| way.name().contains(part));
    let mut rows = Vec::new();
    for way in Way::COMPARED.into_iter().filter(asked) {
        for allocator in Allocator::ALL {
            for &customers in extent.customers {
                rows.push(row(way, allocator, customers, extent, extent.runs)?);
            }
        }
    }
    // Shown for how they grow: once is enough, and with one allocator.
    for way in Way::SHOWN.into_iter().filter(asked) {
        for &customers in extent.customers {
            rows.push(row(way, Allocator::System, customers, extent, 1)?);
        }
    }
    Ok(rows)
}

/// The median of some runs, each in a process of its own.
fn row(
    way: Way,
    allocator: Allocator,
    customers: u32,
    extent: &Extent,
    runs: usize,
) -> Result<Row> {
    let outcomes: Vec<_> =
        (0..runs).map(|_| run(way, allocator, customers, extent)).collect::<Result<_>>()?;
    let middle = |value: fn(&Outcome) -> Option<f64>| {
        let values: Option<Vec<_>> = outcomes.iter().map(value).collect();
        median(&values?)
    };
    Ok(Row {
        way,
        allocator,
        customers,
        beyond_waiting_s: middle(|outcome| outcome.beyond_waiting_s),
        peak_bytes: middle(|outcome| outcome.peak_bytes.map(|bytes| bytes as f64))
            .map(|bytes| bytes as u64),
        served: outcomes.iter().map(|outcome| outcome.served).max().unwrap_or(0),
        limit_s: extent.limit_ms as f64 / 1e3,
    })
}

fn run(way: Way, allocator: Allocator, customers: u32, extent: &Extent) -> Result<Outcome> {
    // Progress goes to standard error; the table goes to standard output.
    let name = way.name();
    eprintln!("{customers} customers, {name}, {}", allocator.name());
    let program = Path::new(match allocator {
        Allocator::System => env!("CARGO_BIN_EXE_overhead-system"),
        Allocator::Mimalloc => env!("CARGO_BIN_EXE_overhead-mimalloc"),
    });
    let figures = own_process(
        &format!("{customers} customers, {name}"),
        Command::new(program)
            .args([way.argument(), customers.to_string()])
            .args([extent.action_ms, extent.limit_ms].map(|ms| ms.to_string())),
    );
    Ok(figures?)
}

fn say(text: &str) -> io::Result<()> {
    io::stdout().write_all(text.as_bytes())
}
