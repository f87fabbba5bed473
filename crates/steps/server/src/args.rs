use std::net::IpAddr;
use std::time::Duration;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use coffee::Durations;
use menu::Step;

use crate::capacity::Capacity;

/// Serves coffee over HTTP, and stays up: step 6
///
/// Every flag can be given in the environment instead. The variables have no prefix, because
/// Kubernetes gives every container the addresses of its services, and a service of the name
/// `coffee-shop` would set COFFEE_SHOP_PORT to something that is no port.
#[derive(Debug, Parser)]
#[command(allow_negative_numbers = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,

    #[command(flatten)]
    pub(crate) settings: Settings,
}

#[derive(Clone, Copy, Debug, Subcommand)]
pub(crate) enum Command {
    /// Ask the shop on ADDRESS and PORT for /healthz; exits with 0 or 1
    Health,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct Settings {
    /// The address to listen on, instead of this machine only; 0.0.0.0 in a container
    #[arg(long, env = "ADDRESS", global = true)]
    pub(crate) address: Option<IpAddr>,

    /// The port to listen on; 0 means any free one
    #[arg(long, env = "PORT", global = true, default_value_t = 8080, value_parser = port)]
    pub(crate) port: u16,

    /// How customers are served: a step's name or number
    #[arg(long, env = "STEP", default_value = "table", value_parser = step)]
    pub(crate) step: Step,

    /// Steps that a request may choose instead, with ?step=4
    #[arg(long, env = "OFFER", value_name = "STEP,...", value_delimiter = ',', value_parser = step)]
    pub(crate) offer: Vec<Step>,

    /// Customers at the same time: a number, auto (what fits into the memory), or unlimited
    #[arg(long, env = "CAPACITY", default_value_t = Capacity::Auto)]
    pub(crate) capacity: Capacity,

    /// The memory to count on, instead of what the system says; in bytes
    #[arg(long, env = "MEMORY_LIMIT", value_name = "BYTES", value_parser = bytes)]
    pub(crate) memory_limit: Option<u64>,

    /// How long a request waits for room, and a client for a connection
    #[arg(long, env = "MAX_WAIT", value_name = "SECONDS", default_value = "5", value_parser = seconds)]
    pub(crate) max_wait: Duration,

    /// How many requests wait for room; at most half the connections do
    #[arg(long, env = "MAX_WAITING", value_name = "N", default_value_t = 100)]
    pub(crate) max_waiting: u32,

    /// Open connections [default: as many as memory and descriptors allow]
    #[arg(long, env = "MAX_CONNECTIONS", value_name = "N", value_parser = connections)]
    pub(crate) max_connections: Option<u32>,

    /// How long a client may take to send a request, and an idle connection is kept
    #[arg(long, env = "REQUEST_WAIT", value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    pub(crate) request_wait: Duration,

    /// How long a client may leave its answer unread
    #[arg(long, env = "WRITE_WAIT", value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    pub(crate) write_wait: Duration,

    /// How long each action takes; or three: pay, espresso and milk, such as 1,2,3
    #[arg(long, env = "ACTION_SECONDS", value_name = "SECONDS", default_value_t)]
    pub(crate) action_seconds: Durations,

    /// How long to go on serving after SIGTERM, not ready, while a cluster withdraws the address
    #[arg(long, env = "DRAIN_DELAY", value_name = "SECONDS", default_value = "0", value_parser = seconds)]
    pub(crate) drain_delay: Duration,

    /// How long to finish what was accepted, after that
    #[arg(long, env = "GRACE_PERIOD", value_name = "SECONDS", default_value = "20", value_parser = seconds)]
    pub(crate) grace_period: Duration,

    /// Whether `/` is the live page, where browsers watch the shop work
    #[arg(long, env = "LIVE_PAGE", value_name = "true|false", default_value_t = true)]
    #[arg(action = ArgAction::Set, hide_possible_values = true)]
    pub(crate) live_page: bool,

    /// How to write the log, which goes to stderr
    #[arg(long, env = "LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub(crate) log_format: LogFormat,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum LogFormat {
    /// A line for people
    Text,
    /// An object a line, for programs
    Json,
}

fn step(text: &str) -> Result<Step, String> {
    let mut steps = Step::ALL.into_iter();
    let named = |step: &Step| step.name() == text || step.number().to_string() == text;
    steps.find(named).ok_or_else(|| {
        let names = Step::ALL.map(|step| format!("{} or {}", step.name(), step.number()));
        format!("not a step; try {}", names.join(", "))
    })
}

fn port(text: &str) -> Result<u16, String> {
    text.parse().map_err(|_| format!("not a port from 0 to {}; try 8081", u16::MAX))
}

fn bytes(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| "not a number of bytes; try 10485760 for 10 MiB".to_owned())
}

fn connections(text: &str) -> Result<u32, String> {
    let number = text.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| "not a number of connections from 1; try 1000".to_owned())
}

fn seconds(text: &str) -> Result<Duration, String> {
    const RANGE: std::ops::RangeInclusive<f64> = 0.0..=86_400.0;
    let seconds = text.parse().ok().filter(|seconds| RANGE.contains(seconds));
    seconds
        .map(Duration::from_secs_f64)
        .ok_or_else(|| "not a number of seconds from 0 to 86400; try 5".to_owned())
}
