use std::path::PathBuf;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{ArgMatches, Args, Command, FromArgMatches};

/// In a debug build a customer costs several times as much.
const MOST: u32 = if cfg!(debug_assertions) { 3_000 } else { 10_000_000 };
/// The most orders of one ladder.
const RUNGS: usize = 16;

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

    /// The port of the first shop, for whoever wants to look on; the others take the next ones
    #[arg(long, value_parser = port, allow_negative_numbers = true)]
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

// The flags of step 10.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct Accidents {
    /// Kill a replica in the midst of a rush
    #[arg(long, conflicts_with_all = ["rollout", "customers"])]
    pub(crate) kill_one: bool,

    /// Replace all replicas in the midst of a rush
    #[arg(long, conflicts_with = "customers")]
    pub(crate) rollout: bool,
}

/// Parses the flags, or ends with a usage error. Only step 10 has accidents.
pub(crate) fn parse(command: Command, step: u8) -> (Arguments, Accidents) {
    let command = Arguments::augment_args(command);
    let mut command = if step == 10 { Accidents::augment_args(command) } else { command };
    let matches = command.get_matches_mut();
    let arguments: Arguments = parsed(&matches, &mut command);
    if arguments.customers.as_ref().is_some_and(|ladder| ladder.len() > RUNGS) {
        let why = format!("more than {RUNGS} orders; leave some out of --customers");
        command.error(ErrorKind::TooManyValues, why).exit()
    }
    let accidents = match step {
        10 => parsed(&matches, &mut command),
        _ => Accidents { kill_one: false, rollout: false },
    };
    (arguments, accidents)
}

fn parsed<T: FromArgMatches>(matches: &ArgMatches, command: &mut Command) -> T {
    T::from_arg_matches(matches).unwrap_or_else(|error| error.format(command).exit())
}

impl Arguments {
    /// Those asked for, or the usual ones.
    pub(crate) fn ladder(&self, usual: &[u32]) -> Vec<u32> {
        let usual = || usual.iter().copied().filter(|customers| *customers <= MOST).collect();
        self.customers.clone().unwrap_or_else(usual)
    }
}

fn customers(text: &str) -> Result<u32, String> {
    match text.parse() {
        Ok(0) => Err("there is nobody to serve; try 3".to_owned()),
        Ok(customers) if customers <= MOST => Ok(customers),
        Ok(_) if cfg!(debug_assertions) => {
            Err(format!("a debug build serves 1 to {MOST}; for more add --release after cargo run"))
        }
        _ => Err(format!("not a whole number from 1 to {MOST}; try 3")),
    }
}

fn port(text: &str) -> Result<u16, String> {
    let port = text.parse().ok().filter(|port| (1..=65_000).contains(port));
    port.ok_or_else(|| "not a port from 1 to 65000; try 8080".to_owned())
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().filter(|seconds| (0.01..=3_600.0).contains(seconds));
    seconds
        .map(Duration::from_secs_f64)
        .ok_or_else(|| "not a number of seconds from 0.01 to 3600; try 2".to_owned())
}
