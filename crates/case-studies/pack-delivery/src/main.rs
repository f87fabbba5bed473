//! `cargo run --release -p pack-delivery`: all stages on a paused clock, and what bounds them.

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use indicatif::HumanCount;
use pack_delivery::chain::{Rules, Signed};
use pack_delivery::{Minted, Plan, Stage, minted, timeline};
use program::{End, Failure};
use timeline::{Ink, Panel, draw_svg};
use tokio::runtime::Builder;

/// Mints packs on a simulated chain, stage by stage, and says how long that takes and why
#[derive(Debug, Parser)]
#[command(bin_name = "pack-delivery")]
struct Args {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// All stages side by side, for several numbers of keys
    Stages {
        /// How many packs are minted
        #[arg(long, default_value_t = 5_000, value_parser = packs())]
        packs: u32,
        /// How many proposal keys the account has, with commas between several numbers
        #[arg(long, value_delimiter = ',', default_values_t = [1, 4, 40, 400], value_parser = keys())]
        keys: Vec<u32>,
    },
    /// One stage with its timeline: a lane for each key
    Stage {
        /// Its number
        #[arg(value_parser = clap::value_parser!(u8).range(1..=5))]
        number: u8,
        /// How many replicas serve, each in all roles
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=10))]
        replicas: u32,
        /// How many packs are minted
        #[arg(long, default_value_t = 320, value_parser = packs())]
        packs: u32,
        /// How many proposal keys the account has
        #[arg(long, default_value_t = 4, value_parser = keys())]
        keys: u32,
        /// Writes the timeline to this file, too
        #[arg(long)]
        svg: Option<std::path::PathBuf>,
    },
}

fn packs() -> clap::builder::RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(1..=100_000)
}

fn keys() -> clap::builder::RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(1..=1_000)
}

fn main() -> ExitCode {
    let command = Args::parse()
        .command
        .unwrap_or_else(|| Command::Stages { packs: 5_000, keys: vec![1, 4, 40, 400] });
    let done = match command {
        Command::Stages { packs, keys } => stages(packs, &keys),
        Command::Stage { number, replicas, packs, keys, svg } => {
            let stage = Stage::ALL[usize::from(number) - 1];
            one(Plan { stage, replicas, keys, packs }, svg.as_deref())
        }
    };
    program::exit(match done {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(End::Done),
        done => done.map(|()| End::Done).map_err(Failure::from),
    })
}

/// Runs a plan on a paused clock of its own.
fn run(plan: Plan) -> io::Result<Minted> {
    let clock = Builder::new_current_thread().enable_time().start_paused(true).build()?;
    clock.block_on(minted(plan)).map_err(io::Error::other)
}

/// The rows of the table: a stage, and how many replicas of it.
const ROWS: [(Stage, u32); 7] = [
    (Stage::OneLoop, 1),
    (Stage::FourPollers, 1),
    (Stage::FanOut, 1),
    (Stage::Roles, 1),
    (Stage::Roles, 2),
    (Stage::Keys, 1),
    (Stage::Keys, 2),
];

fn stages(packs: u32, all_keys: &[u32]) -> io::Result<()> {
    let rules = Rules::default();
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "Until the last of {} packs is minted: {} transactions of up to {} packs, {} s until each is \
         sealed,\nat most {} sent in a second. Exact, from a paused clock; in brackets the transactions \
         that came to nothing.\n",
        HumanCount(packs.into()),
        transactions(packs),
        Signed::MAX_PACKS,
        rules.seal.as_secs(),
        rules.rate,
    )?;
    let head = |keys: &u32| format!("{:>18}", timeline::count(u64::from(*keys), "key"));
    writeln!(out, "{:24}{}", "stage", all_keys.iter().map(head).collect::<String>())?;
    for (stage, replicas) in ROWS {
        let name = match replicas {
            1 => format!("{} {}", stage.number(), stage.idea()),
            _ => format!("  the same, {replicas} replicas"),
        };
        write!(out, "{name:24}")?;
        for &keys in all_keys {
            write!(out, "{:>18}", cell(&run(Plan { stage, replicas, keys, packs })?))?;
            out.flush()?;
        }
        writeln!(out)?;
    }
    let bound = |keys: &u32| format!("{:>18}", seconds(bound(packs, *keys)));
    writeln!(out, "{:24}{}", "no faster than", all_keys.iter().map(bound).collect::<String>())?;
    writeln!(
        out,
        "\nA key signs one transaction until it is sealed, so {} s / keys for each of them, until the \
         node's\n{} a second are less. Only the last stage uses each key as soon as it is free, in any \
         number of\nreplicas. One stage closer: cargo run --release -p pack-delivery -- stage 3",
        rules.seal.as_secs(),
        rules.rate,
    )
}

fn cell(minted: &Minted) -> String {
    let took = minted.after.map_or_else(|| "over a day".to_owned(), seconds);
    match minted.wasted {
        0 => took,
        wasted => format!("({wasted}) {took}"),
    }
}

fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

/// Each pack goes through two transactions.
fn transactions(packs: u32) -> u32 {
    2 * packs.div_ceil(Signed::MAX_PACKS as u32)
}

/// What keys and rate limit allow: the last of the transactions of each kind is sealed after so long.
fn bound(packs: u32, keys: u32) -> Duration {
    let rules = Rules::default();
    let of_a_kind = transactions(packs) / 2;
    let by_keys = rules.seal * of_a_kind.div_ceil(keys);
    let by_rate = Duration::from_secs(1) * of_a_kind.saturating_sub(1) / rules.rate + rules.seal;
    2 * by_keys.max(by_rate)
}

fn one(plan: Plan, svg: Option<&std::path::Path>) -> io::Result<()> {
    let Plan { stage, replicas, keys, packs } = plan;
    let clock = Builder::new_current_thread().enable_time().start_paused(true).build()?;
    let (minted, timeline) = clock.block_on(async {
        let minted = minted(plan).await.map_err(io::Error::other)?;
        let timeline = timeline(&minted.chain).await;
        Ok::<_, io::Error>((minted, timeline))
    })?;
    let mut out = io::stdout().lock();
    let title = format!(
        "Stage {}, {}: {packs} packs, {}, {}",
        stage.number(),
        stage.idea(),
        timeline::count(keys.into(), "key"),
        timeline::count(replicas.into(), "replica"),
    );
    writeln!(out, "{title}\n\n{}", timeline.to_text(96, Ink::Plain))?;
    let took = minted.after.map_or_else(|| "over a day".to_owned(), seconds);
    writeln!(
        out,
        "The last pack was minted after {took}; of {} transactions {} came to nothing.",
        minted.taken, minted.wasted
    )?;
    if let Some(file) = svg {
        let panel = Panel { title: stage.idea(), timeline: &timeline };
        std::fs::write(file, draw_svg(&title, Duration::ZERO, &[panel]))?;
        writeln!(out, "Drawn in {}", file.display())?;
    }
    Ok(())
}
