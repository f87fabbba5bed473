use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::time::Duration;

use crate::answer::Answer;
use crate::failure::Failure;
use crate::paper::{milliseconds, thousands};

/// What came of many requests: how they ended, and how long the answers took. It keeps a duration
/// for each, so whoever counts must bound how many there are.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    ends: BTreeMap<String, u64>,
    /// Of the answers that were coffee, in the order in which they came.
    times: Vec<Duration>,
    customers: u64,
}

impl Tally {
    /// Counts a request of so many customers that ended like this.
    pub fn count(&mut self, customers: u32, end: &Result<Answer, Failure>) {
        let name = match end {
            Ok(answer) if answer.is_coffee() => {
                self.times.push(answer.took);
                self.customers += u64::from(customers);
                answer.status.as_u16().to_string()
            }
            Ok(answer) => answer.status.as_u16().to_string(),
            Err(failure) => failure.word().to_owned(),
        };
        *self.ends.entry(name).or_default() += 1;
    }

    /// Adds what another one counted.
    pub fn add(&mut self, other: Self) {
        for (name, number) in other.ends {
            *self.ends.entry(name).or_default() += number;
        }
        self.times.extend(other.times);
        self.customers += other.customers;
    }

    /// How many requests ended.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.ends.values().sum()
    }

    /// How many requests were answered with coffee.
    #[must_use]
    pub fn served(&self) -> u64 {
        self.times.len() as u64
    }

    /// How many customers were in those.
    #[must_use]
    pub const fn customers(&self) -> u64 {
        self.customers
    }

    /// How many ended like this: a status (`"503"`) or a [word](Failure::word).
    #[must_use]
    pub fn ended(&self, end: &str) -> u64 {
        self.ends.get(end).copied().unwrap_or_default()
    }

    /// The time within which so many percent of the served requests were answered, by the nearest
    /// rank; `None` if none was.
    #[must_use]
    pub fn percentile(&self, percent: u8) -> Option<Duration> {
        of_sorted(&self.sorted(), percent)
    }

    fn sorted(&self) -> Vec<Duration> {
        let mut times = self.times.clone();
        times.sort_unstable();
        times
    }

    /// The p50, p90, p99 and the longest, in a line.
    #[must_use]
    pub fn percentiles(&self) -> Option<String> {
        let times = self.sorted();
        let mut line = String::new();
        for (name, percent) in [("p50", 50), ("p90", 90), ("p99", 99), ("max", 100)] {
            let gap = if line.is_empty() { "" } else { "  " };
            let _ = write!(line, "{gap}{name} {}", milliseconds(of_sorted(&times, percent)?));
        }
        Some(line)
    }
}

fn of_sorted(times: &[Duration], percent: u8) -> Option<Duration> {
    let rank = (times.len() * usize::from(percent.min(100))).div_ceil(100);
    times.get(rank.max(1) - 1).copied()
}

/// `200: 15, 503: 25`
impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ends = self.ends.iter().map(|(end, number)| format!("{end}: {}", thousands(*number)));
        f.write_str(&ends.collect::<Vec<_>>().join(", "))
    }
}

#[cfg(test)]
mod tests {
    use hyper::StatusCode;

    use super::*;

    fn served(millis: u64) -> Result<Answer, Failure> {
        let took = Duration::from_millis(millis);
        Ok(Answer::new(StatusCode::OK, b"Took 2.0 s to serve coffee", took))
    }

    #[test]
    fn percentiles_are_times_that_were_measured() {
        let mut tally = Tally::default();
        assert_eq!(tally.percentiles(), None);
        for millis in (1..=100).rev() {
            tally.count(3, &served(millis));
        }
        assert_eq!(tally.percentile(50), Some(Duration::from_millis(50)));
        assert_eq!(tally.percentile(0), Some(Duration::from_millis(1)));
        assert_eq!(
            tally.percentiles().as_deref(),
            Some("p50 0.050 s  p90 0.090 s  p99 0.099 s  max 0.100 s")
        );
        assert_eq!((tally.requests(), tally.served(), tally.customers()), (100, 100, 300));
    }

    #[test]
    fn every_end_is_counted_and_only_coffee_has_a_time() {
        let mut tally = Tally::default();
        tally.count(3, &served(2_000));
        let full =
            Answer::new(StatusCode::SERVICE_UNAVAILABLE, b"The shop is full", Duration::ZERO);
        tally.count(3, &Ok(full));
        tally.count(3, &Err(Failure::Died));
        let mut both = tally.clone();
        both.add(tally);
        assert_eq!(both.to_string(), "200: 2, 503: 2, died: 2");
        assert_eq!((both.requests(), both.served(), both.customers()), (6, 2, 6));
        assert_eq!((both.ended("503"), both.ended("refused")), (2, 0));
        assert_eq!(both.percentile(99), Some(Duration::from_secs(2)));
    }
}
