use std::time::Duration;

use clap::Parser;

use crate::address::Address;
use crate::crowd::Crowd;

/// The most orders of one ladder.
const RUNGS: usize = 32;
const REQUESTS: u64 = 1_000_000;
const CONCURRENCY: u64 = 10_000;
/// A day, in seconds.
const LONGEST: f64 = 86_400.0;

/// Sends customers to a coffee shop: more and more in one order after another, or many orders at
/// once
///
/// It asks the address given and nobody else, by HTTP without encryption. Ctrl-C prints what there
/// is; pressed again it ends at once.
#[derive(Debug, Parser)]
#[command(bin_name = "cargo run --release --example rush --")]
pub(crate) struct Arguments {
    /// Where the shop is, such as http://localhost:8080
    #[arg(value_name = "URL")]
    pub(crate) address: Address,

    /// How many customers each order brings, one order after another
    #[arg(value_name = "CUSTOMERS", default_values_t = [3, 30, 300, 3_000], num_args = 1..=RUNGS)]
    #[arg(value_parser = customers, allow_negative_numbers = true)]
    pub(crate) ladder: Vec<u32>,

    /// Send so many orders instead, many at once
    #[arg(long, value_name = "R", value_parser = requests, allow_negative_numbers = true)]
    #[arg(conflicts_with = "ladder")]
    requests: Option<u64>,

    /// How many orders at the same time
    #[arg(long, value_name = "C", default_value_t = 50, value_parser = concurrency)]
    #[arg(requires = "requests", allow_negative_numbers = true)]
    concurrency: u32,

    /// How many customers each of those orders brings
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = customers)]
    #[arg(requires = "requests", allow_negative_numbers = true)]
    customers: u32,

    /// How long to wait for one answer
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    pub(crate) timeout: Duration,

    /// How long to wait until a shop that died is back
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    pub(crate) back_within: Duration,

    /// How long all of it may take
    #[arg(long, value_name = "SECONDS", default_value = "600", value_parser = seconds)]
    pub(crate) time_limit: Duration,

    /// No progress bar; also if standard error is no terminal
    #[arg(long)]
    pub(crate) plain: bool,
}

impl Arguments {
    /// Many orders at once, if that is what was asked for.
    pub(crate) fn crowd(&self) -> Option<Crowd> {
        let Self { concurrency, customers, .. } = *self;
        self.requests.map(|requests| Crowd { requests, concurrency, customers })
    }
}

fn customers(text: &str) -> Result<u32, String> {
    match text.parse() {
        Ok(0) => Err("there is nobody to serve; try 3".to_owned()),
        Ok(customers) => Ok(customers),
        Err(_) => Err(format!("not a whole number from 1 to {}; try 3", u32::MAX)),
    }
}

fn up_to(most: u64, text: &str) -> Result<u64, String> {
    let number = text.parse().ok().filter(|number| (1..=most).contains(number));
    number.ok_or_else(|| format!("not a whole number from 1 to {most}; try 100"))
}

fn requests(text: &str) -> Result<u64, String> {
    up_to(REQUESTS, text)
}

fn concurrency(text: &str) -> Result<u32, String> {
    up_to(CONCURRENCY, text).map(|number| u32::try_from(number).unwrap_or(u32::MAX))
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().filter(|seconds| (0.1..=LONGEST).contains(seconds));
    seconds
        .map(Duration::from_secs_f64)
        .ok_or_else(|| format!("not a number of seconds from 0.1 to {LONGEST}; try 60"))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

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
        let args = ["rush", "http://localhost:8080"];
        let ladder = Arguments::try_parse_from(args).expect("right");
        assert_eq!(ladder.ladder, [3, 30, 300, 3_000]);
        assert!(ladder.crowd().is_none());
        let crowd = Arguments::try_parse_from(args.iter().chain(&["--requests", "40"]));
        let crowd = crowd.expect("right").crowd().expect("many at once");
        assert_eq!((crowd.requests, crowd.concurrency, crowd.customers), (40, 50, 3));
        let both = wrong(&["http://localhost:8080", "3", "--requests", "40"]);
        assert!(both.contains("cannot be used with"), "{both}");
        let alone = wrong(&["http://localhost:8080", "--concurrency", "4"]);
        assert!(alone.contains("--requests"), "{alone}");
    }

    #[test]
    fn numbers_out_of_bounds_are_refused_with_what_to_try() {
        let shop = "http://localhost:8080";
        for (args, sentence) in [
            (&[shop, "0"][..], "there is nobody to serve; try 3"),
            (&[shop, "-3"], "not a whole number from 1 to 4294967295; try 3"),
            (&[shop, "4294967296"], "not a whole number from 1 to 4294967295; try 3"),
            (&[shop, "--requests", "0"], "not a whole number from 1 to 1000000; try 100"),
            (&[shop, "--requests", "1000001"], "not a whole number from 1 to 1000000; try 100"),
            (&[shop, "--requests", "1", "--concurrency", "10001"], "from 1 to 10000; try 100"),
            (&[shop, "--requests", "1", "--customers", "0"], "there is nobody to serve; try 3"),
            (&[shop, "--timeout", "0"], "not a number of seconds from 0.1 to 86400; try 60"),
            (&[shop, "--timeout", "NaN"], "not a number of seconds from 0.1 to 86400; try 60"),
            (&["localhost:8080"], "the scheme is missing; try http://localhost:8080"),
            (&[], "URL"),
        ] {
            let error = wrong(args);
            assert!(error.contains(sentence), "{args:?}: {error}");
        }
        let many = wrong(&[&[shop][..], &["3"; 33]].concat());
        assert!(many.contains("no more were expected"), "{many}");
    }
}
