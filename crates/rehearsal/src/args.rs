use std::path::PathBuf;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{ArgMatches, Args, Command, FromArgMatches, value_parser};
use customers::parse_seconds;

use crate::scenario::{Action, Customers, Scenario};

/// In a debug build a customer costs several times as much.
const MOST: u32 = if cfg!(debug_assertions) { 3_000 } else { 10_000_000 };
/// The most orders of one ladder.
const ORDERS: usize = 16;

// The flags of every rehearsal. (A doc comment would become the first line of `--help`.)
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// How many customers come, one order after another [default: what the talk did, and more]
    #[arg(long, value_name = "N,...", value_delimiter = ',', value_parser = customers)]
    #[arg(allow_negative_numbers = true)]
    pub(crate) customers: Option<Vec<u32>>,

    /// The folder of the overlays [default: k8s of this workspace]
    #[arg(long, value_name = "FOLDER")]
    pub(crate) manifests: Option<PathBuf>,

    /// Read what `kubectl kustomize` has built, and not the overlay
    #[arg(long, value_name = "FILE", conflicts_with = "manifests")]
    pub(crate) built: Option<PathBuf>,

    /// Only print what the manifest asks for
    #[arg(long)]
    pub(crate) plan: bool,

    /// The port of the first shop, to look at it with curl; the others take the next ones
    #[arg(long, value_parser = value_parser!(u16).range(1..=65_000))]
    #[arg(allow_negative_numbers = true)]
    pub(crate) port: Option<u16>,

    /// How long each action takes
    #[arg(long, value_name = "SECONDS", default_value = "2", value_parser = seconds)]
    pub(crate) action_seconds: Duration,

    /// How long all of it may take
    #[arg(long, value_name = "SECONDS", default_value = "300", value_parser = seconds)]
    pub(crate) time_limit: Duration,

    /// No progress bar; also if standard error is no terminal
    #[arg(long)]
    pub(crate) plain: bool,
}

// The flags of a scenario with several replicas.
#[derive(Args, Clone, Copy, Debug, Default)]
pub(crate) struct Accidents {
    /// Kill a replica in the midst of many orders
    #[arg(long, conflicts_with_all = ["rollout", "customers"])]
    pub(crate) kill_one: bool,

    /// Replace all replicas in the midst of many orders
    #[arg(long, conflicts_with = "customers")]
    pub(crate) rollout: bool,
}

/// Parses the flags, or ends with a usage error. Accidents need several replicas.
pub(crate) fn parse(command: Command, scenario: &Scenario) -> (Arguments, Accidents) {
    let command = Arguments::augment_args(command);
    let scaled_out = matches!(scenario.action, Action::ScaledOut { .. });
    let mut command = if scaled_out { Accidents::augment_args(command) } else { command };
    let matches = command.get_matches_mut();
    let arguments: Arguments = parsed(&matches, &mut command);
    if arguments.customers.as_ref().is_some_and(|ladder| ladder.len() > ORDERS) {
        let why = format!("more than {ORDERS} orders; leave some out of --customers");
        command.error(ErrorKind::TooManyValues, why).exit()
    }
    let accidents = if scaled_out { parsed(&matches, &mut command) } else { Accidents::default() };
    (arguments, accidents)
}

fn parsed<T: FromArgMatches>(matches: &ArgMatches, command: &mut Command) -> T {
    T::from_arg_matches(matches).unwrap_or_else(|error| error.format(command).exit())
}

impl Arguments {
    /// The customers of the command line, or those of the scenario.
    pub(crate) fn ladder(&self, usual: Customers) -> Vec<u32> {
        let usual = if cfg!(debug_assertions) { usual.debug } else { usual.release };
        let usual = usual.iter().copied().filter(|customers| *customers <= MOST);
        self.customers.clone().unwrap_or_else(|| usual.collect())
    }
}

fn customers(text: &str) -> Result<u32, String> {
    match text.parse() {
        Ok(customers @ 1..=MOST) => Ok(customers),
        Ok(1..) if cfg!(debug_assertions) => {
            Err(format!("a debug build serves 1 to {MOST}; for more add --release after cargo run"))
        }
        _ => Err(format!("not a whole number from 1 to {MOST}; try 3")),
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    parse_seconds(text, &(0.01..=3_600.0), 2)
}
