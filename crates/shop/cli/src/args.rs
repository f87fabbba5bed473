use std::net::IpAddr;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{ArgMatches, Args, Command, FromArgMatches};
use coffee::Durations;

// The flags of every example. (A doc comment would become the first line of `--help`.)
#[derive(Args, Debug)]
pub(crate) struct Show {
    /// Run on a paused clock and one thread: exact times, at once
    #[arg(long)]
    pub(crate) paused: bool,

    /// Write the timeline as a picture, too
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,

    /// No colour, no emoji, no progress bar; also with NO_COLOR, or if the output is no terminal
    #[arg(long)]
    pub(crate) plain: bool,

    /// How long each action takes; or three: pay, espresso and milk, such as 1,2,3
    #[arg(long, value_name = "SECONDS", default_value_t, allow_negative_numbers = true)]
    pub(crate) action_seconds: Durations,
}

// The flags of the examples that serve any number of customers.
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

/// Parses the flags of an example that serves one customer, or ends with a usage error.
pub(crate) fn one(command: Command) -> Show {
    let mut command = Show::augment_args(command);
    let matches = command.get_matches_mut();
    parsed(&matches, &mut command)
}

/// Parses the flags of an example that opens a shop, or ends with a usage error.
pub(crate) fn any(command: Command) -> (Show, Open) {
    let mut command = Open::augment_args(Show::augment_args(command));
    let matches = command.get_matches_mut();
    let (show, open): (Show, Open) =
        (parsed(&matches, &mut command), parsed(&matches, &mut command));
    if let Some(problem) = problem(&show, &open, &command) {
        command.error(ErrorKind::ArgumentConflict, problem).exit()
    }
    (show, open)
}

/// What is wrong with flags that are right one by one.
fn problem(show: &Show, open: &Open, command: &Command) -> Option<String> {
    let run = command.get_bin_name().unwrap_or_default();
    match open.customers {
        Some(customers) if customers > open.max_customers => Some(format!(
            "{customers} customers are more than the limit of {}; to serve them all the same: \
             {run} --customers {customers} --max-customers {customers}",
            open.max_customers
        )),
        None if show.paused => Some(format!(
            "--paused needs --customers, because a network has no clock that could be paused: \
             {run} --customers 3 --paused"
        )),
        None if show.svg.is_some() => Some(format!(
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
