use std::time::Duration;

use clap::{ArgGroup, Parser, value_parser};
use rush::{Address, AddressError, Plan};

use crate::seconds::parse_seconds;

/// The most orders of one ladder.
const ORDERS: usize = 32;
/// A day, in seconds.
const LONGEST: f64 = 86_400.0;

/// Sends customers to a coffee shop: more and more in one order after another, or many orders at
/// once
///
/// It asks the address given and no other, by HTTP without encryption. Ctrl-C prints what there
/// is; pressed again it ends at once.
#[derive(Debug, Parser)]
#[command(bin_name = "cargo run --release --example rush --")]
#[command(group = ArgGroup::new("crowd").args(["requests", "duration"]).multiple(true))]
pub(crate) struct Arguments {
    /// Where the shop is, such as http://localhost:8080
    #[arg(value_name = "URL", value_parser = address)]
    pub(crate) address: Address,

    /// How many customers each order brings, one order after another
    #[arg(value_name = "CUSTOMERS", default_values_t = [3, 30, 300, 3_000], num_args = 1..=ORDERS)]
    #[arg(value_parser = value_parser!(u32).range(1..), allow_negative_numbers = true)]
    #[arg(conflicts_with = "crowd")]
    pub(crate) ladder: Vec<u32>,

    /// Send so many orders instead, many at once
    #[arg(long, value_name = "R", value_parser = value_parser!(u64).range(1..=1_000_000_000))]
    #[arg(allow_negative_numbers = true)]
    requests: Option<u64>,

    /// Send orders for so long instead, many at once
    #[arg(long, value_name = "SECONDS", value_parser = wait, allow_negative_numbers = true)]
    duration: Option<Duration>,

    /// How many orders at the same time; with --rate the most that may be under way
    #[arg(long, value_name = "C", value_parser = value_parser!(u32).range(1..=10_000))]
    #[arg(default_value_t = 50, requires = "crowd", allow_negative_numbers = true)]
    concurrency: u32,

    /// Send so many orders a second, however long they take: each is timed from when it was due
    #[arg(long, value_name = "ORDERS", value_parser = rate, allow_negative_numbers = true)]
    #[arg(requires = "crowd")]
    rate: Option<f64>,

    /// How many customers each of those orders brings
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..))]
    #[arg(default_value_t = 3, requires = "crowd", allow_negative_numbers = true)]
    pub(crate) customers: u32,

    /// How long to wait for one answer
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = wait)]
    pub(crate) timeout: Duration,

    /// How long to wait until a shop that died is back
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = wait)]
    pub(crate) back_within: Duration,

    /// How long all of it may take
    #[arg(long, value_name = "SECONDS", default_value = "600", value_parser = wait)]
    pub(crate) time_limit: Duration,

    /// Print JSON: an object for each order of a ladder, or one for many at once
    #[arg(long)]
    pub(crate) json: bool,

    /// No progress bar; also if standard error is no terminal
    #[arg(long)]
    pub(crate) plain: bool,
}

impl Arguments {
    /// Many orders at once, if the command line asks for them.
    pub(crate) fn crowd(&self) -> Option<Plan> {
        if self.requests.is_none() && self.duration.is_none() {
            return None;
        }
        let plan = match self.rate {
            Some(rate) => Plan::open(rate, self.concurrency),
            None => Plan::closed(self.concurrency),
        };
        let plan = plan.requests(self.requests.unwrap_or(u64::MAX));
        Some(plan.duration(self.duration.unwrap_or(Duration::MAX)))
    }
}

fn address(text: &str) -> Result<Address, String> {
    text.parse().map_err(|error: AddressError| match error {
        AddressError::Encrypted => format!(
            "{error}; ask the shop behind the gateway: kubectl port-forward service/coffee-shop \
             8080:80, then http://localhost:8080"
        ),
        error => error.to_string(),
    })
}

fn rate(text: &str) -> Result<f64, String> {
    let rate = text.parse().ok().filter(|rate| (0.01..=1e6).contains(rate));
    rate.ok_or_else(|| "not a number of orders a second from 0.01 to 1000000; try 100".to_owned())
}

fn wait(text: &str) -> Result<Duration, String> {
    parse_seconds(text, &(0.1..=LONGEST), 60)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;
    use rush::Pace;

    use super::*;

    const SHOP: &str = "http://localhost:8080";

    fn parsed(args: &[&str]) -> Arguments {
        Arguments::try_parse_from(["rush", SHOP].iter().chain(args)).expect("right")
    }

    fn wrong(args: &[&str]) -> String {
        let args = ["rush"].iter().chain(args);
        Arguments::try_parse_from(args).expect_err("it is wrong").to_string()
    }

    #[test]
    fn the_flags_are_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_ladder_or_many_at_once_and_not_both() {
        let ladder = parsed(&[]);
        assert_eq!(ladder.ladder, [3, 30, 300, 3_000]);
        assert!(ladder.crowd().is_none());
        let crowd = parsed(&["--requests", "40"]);
        let plan = crowd.crowd().expect("many at once");
        assert_eq!((plan, crowd.customers), (Plan::closed(50).requests(40), 3));
        let both = wrong(&[SHOP, "3", "--requests", "40"]);
        assert!(both.contains("cannot be used with"), "{both}");
        let alone = wrong(&[SHOP, "--concurrency", "4"]);
        assert!(alone.contains("--requests"), "{alone}");
    }

    #[test]
    fn a_rate_makes_an_open_loop_for_a_number_or_a_time() {
        let plan = parsed(&["--rate", "0.5", "--duration", "9"]).crowd().expect("many at once");
        assert_eq!(plan.pace, Pace::Open { rate: 0.5, max_in_flight: 50 });
        assert_eq!((plan.requests, plan.duration), (u64::MAX, Duration::from_secs(9)));
        let alone = wrong(&[SHOP, "--rate", "4"]);
        assert!(alone.contains("--requests") && alone.contains("--duration"), "{alone}");
    }

    #[test]
    fn numbers_out_of_bounds_are_refused_with_the_bounds() {
        for (args, sentence) in [
            (&[SHOP, "0"][..], "0 is not in 1..=4294967295"),
            (&[SHOP, "-3"], "-3 is not in 1..=4294967295"),
            (&[SHOP, "4294967296"], "4294967296 is not in 1..=4294967295"),
            (&[SHOP, "--requests", "0"], "0 is not in 1..=1000000000"),
            (&[SHOP, "--requests", "1", "--concurrency", "10001"], "10001 is not in 1..=10000"),
            (&[SHOP, "--requests", "1", "--customers", "0"], "0 is not in 1..=4294967295"),
            (&[SHOP, "--requests", "1", "--rate", "0"], "a second from 0.01 to 1000000; try 100"),
            (&[SHOP, "--requests", "1", "--rate", "NaN"], "not a number of orders a second"),
            (&[SHOP, "--timeout", "0"], "not a number of seconds from 0.1 to 86400; try 60"),
            (&[SHOP, "--timeout", "NaN"], "not a number of seconds from 0.1 to 86400; try 60"),
            (&["localhost:8080"], "the scheme is missing; try http://localhost:8080"),
            (&["https://shop"], "without encryption; ask the shop behind the gateway: kubectl"),
            (&[], "URL"),
        ] {
            let error = wrong(args);
            assert!(error.contains(sentence), "{args:?}: {error}");
        }
        let many = wrong(&[&[SHOP][..], &["3"; 33]].concat());
        assert!(many.contains("no more were expected"), "{many}");
    }
}
