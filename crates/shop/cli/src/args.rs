use std::net::IpAddr;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{ArgMatches, Args, Command, FromArgMatches};
use coffee::Durations;
use narrator::{Flags, help};

// The flags of every step, in the words that step 1 uses, too. (A doc comment would become the first line of `--help`.)
#[derive(Args, Debug)]
struct Common {
    #[arg(long, help = help::PAUSED)]
    paused: bool,

    #[arg(long, value_name = "FILE", help = help::SVG)]
    svg: Option<PathBuf>,

    #[arg(long, help = help::PLAIN)]
    plain: bool,

    #[arg(long, value_name = "SECONDS", default_value_t, allow_negative_numbers = true)]
    #[arg(help = help::ACTION_SECONDS)]
    action_seconds: Durations,
}

// The flags of the steps that serve any number of customers.
#[derive(Args, Debug)]
pub(crate) struct Open {
    /// Serve so many customers once and end, without a server
    #[arg(long, value_name = "N", value_parser = customers, allow_negative_numbers = true)]
    #[arg(conflicts_with_all = ["port", "address"])]
    pub(crate) customers: Option<u32>,

    /// The most customers that one request may bring
    #[arg(long, value_name = "N", default_value_t = 100_000, value_parser = customers)]
    pub(crate) max_customers: u32,

    /// The port to listen on; 0 means any free one
    #[arg(long, default_value_t = 8080, value_parser = port, allow_negative_numbers = true)]
    pub(crate) port: u16,

    /// The address to listen on, instead of this machine only
    #[arg(long)]
    pub(crate) address: Option<IpAddr>,
}

impl From<Common> for Flags {
    fn from(Common { paused, svg, plain, action_seconds }: Common) -> Self {
        Self { paused, svg, plain, action_seconds }
    }
}

/// Parses the command line, or ends with a usage error.
pub(crate) fn parse(command: Command) -> (Flags, Open) {
    let mut command = Open::augment_args(Common::augment_args(command));
    let matches = command.get_matches_mut();
    let common: Common = parsed(&matches, &mut command);
    let (flags, open) = (Flags::from(common), parsed(&matches, &mut command));
    if let Some(problem) = problem(&flags, &open, &command) {
        command.error(ErrorKind::ArgumentConflict, problem).exit()
    }
    (flags, open)
}

/// What is wrong with flags that are valid one by one.
fn problem(flags: &Flags, open: &Open, command: &Command) -> Option<String> {
    let run = command.get_bin_name().unwrap_or_default();
    match open.customers {
        Some(customers) if customers > open.max_customers => Some(format!(
            "{customers} customers are more than the limit of {}; to serve them all the same: \
             {run} --customers {customers} --max-customers {customers}",
            open.max_customers
        )),
        None if flags.paused => Some(format!(
            "--paused needs --customers, because a network has no clock that could be paused: \
             {run} --customers 3 --paused"
        )),
        None if flags.svg.is_some() => Some(format!(
            "--svg needs --customers, because every visit of a shop has a timeline of its own: \
             {run} --customers 3 --svg FILE"
        )),
        _ => None,
    }
}

fn parsed<T: FromArgMatches>(matches: &ArgMatches, command: &mut Command) -> T {
    T::from_arg_matches(matches).unwrap_or_else(|error| error.format(command).exit())
}

fn customers(text: &str) -> Result<u32, String> {
    match text.parse() {
        Ok(0) => Err("there is nobody to serve; try 3".to_owned()),
        Ok(customers) => Ok(customers),
        Err(_) => Err(format!("not a whole number from 1 to {}; try 3", u32::MAX)),
    }
}

fn port(text: &str) -> Result<u16, String> {
    text.parse().map_err(|_| format!("not a port from 0 to {}; try 8081", u16::MAX))
}
