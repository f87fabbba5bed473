use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use hdrhistogram::Histogram;
use hyper::StatusCode;
use serde_json::{Map, Value, json};

use crate::failure::Failure;
use crate::verdict::Verdict;

/// Significant digits of a latency.
const DIGITS: u8 = 3;
/// What takes longer counts as this.
const LONGEST: Duration = Duration::from_secs(7 * 86_400);
/// What is said of the latencies.
const QUANTILES: [(&str, f64); 4] = [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999)];

/// What came of many requests: how they ended, and how long those took that did what they were
/// for. Its size does not grow with the number of requests.
#[derive(Clone, Debug)]
pub struct Report {
    ends: BTreeMap<End, u64>,
    /// In microseconds.
    latencies: Histogram<u64>,
}

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    Status(u16),
    Foreign(u16),
    Failure { word: &'static str, garbage: bool },
}

impl Default for Report {
    fn default() -> Self {
        let latencies = Histogram::new(DIGITS).expect("the crate allows 0 to 5 digits");
        Self { ends: BTreeMap::new(), latencies }
    }
}

impl Report {
    /// Counts a request that ended like this, after so long (wall time).
    pub fn count(&mut self, end: Result<(StatusCode, Verdict), &Failure>, latency: Duration) {
        let end = match end {
            Ok((status, Verdict::Foreign)) if status.is_success() => End::Foreign(status.as_u16()),
            Ok((status, verdict)) => {
                if verdict == Verdict::Expected {
                    let micros = latency.min(LONGEST).as_micros() as u64;
                    self.latencies.record(micros).expect("it grows as far as it must");
                }
                End::Status(status.as_u16())
            }
            Err(failure) => End::Failure { word: failure.word(), garbage: failure.is_garbage() },
        };
        *self.ends.entry(end).or_default() += 1;
    }

    /// How many requests ended.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.ends.values().sum()
    }

    /// How many requests did what they were for.
    #[must_use]
    pub fn expected(&self) -> u64 {
        self.latencies.len()
    }

    /// How many answers cannot have come from the service: success of another one, what is not
    /// HTTP, and what has no end.
    #[must_use]
    pub fn garbage(&self) -> u64 {
        let is_garbage = |end: &End| match end {
            End::Status(_) => false,
            End::Foreign(_) => true,
            End::Failure { garbage, .. } => *garbage,
        };
        self.ends.iter().filter(|(end, _)| is_garbage(end)).map(|(_, number)| number).sum()
    }

    /// How the requests ended, each way with its number: a status, or a [word](Failure::word).
    pub fn ends(&self) -> impl Iterator<Item = (String, u64)> {
        self.ends.iter().map(|(end, number)| (end.to_string(), *number))
    }

    /// How many ended like this: a status (`"503"`) or a [word](Failure::word).
    #[must_use]
    pub fn ended(&self, how: &str) -> u64 {
        self.ends().find(|(end, _)| end == how).map_or(0, |(_, number)| number)
    }

    /// The latency that so large a part (0.99) of the expected answers did not exceed, in wall time
    /// to three digits; `None` if there is none.
    #[must_use]
    pub fn quantile(&self, part: f64) -> Option<Duration> {
        let micros = self.latencies.value_at_quantile(part).min(self.latencies.max());
        (!self.latencies.is_empty()).then(|| Duration::from_micros(micros))
    }

    /// The p50, p90, p99, p99.9 and the longest, in a line; `None` if there is none.
    #[must_use]
    pub fn latencies(&self) -> Option<String> {
        let all = QUANTILES.iter().chain(&[("max", 1.0)]);
        let part =
            |(name, part): &(&str, f64)| Some(format!("{name} {}", short(self.quantile(*part)?)));
        let parts: Option<Vec<_>> = all.map(part).collect();
        parts.map(|parts| parts.join("  "))
    }

    /// `requests`, `expected`, `ends` by name, and `latency_us` (microseconds; absent without an
    /// expected answer).
    #[must_use]
    pub fn to_json(&self) -> Map<String, Value> {
        let ends = self.ends().map(|(end, number)| (end, json!(number)));
        let mut object = Map::new();
        object.insert("requests".to_owned(), json!(self.requests()));
        object.insert("expected".to_owned(), json!(self.expected()));
        object.insert("ends".to_owned(), Value::Object(ends.collect()));
        if !self.latencies.is_empty() {
            let quantile = |(name, part): &(&str, f64)| {
                let latency = self.quantile(*part).unwrap_or_default();
                (String::from(*name), json!(latency.as_micros() as u64))
            };
            let latencies =
                [("min", 0.0)].iter().chain(&QUANTILES).chain(&[("max", 1.0)]).map(quantile);
            object.insert("latency_us".to_owned(), Value::Object(latencies.collect()));
        }
        object
    }
}

/// Seconds in four digits or a few more: the five of a report fit into a line.
fn short(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    let decimals = match seconds {
        0.0..10.0 => 3,
        10.0..100.0 => 2,
        _ => 1,
    };
    format!("{seconds:.decimals$} s")
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "{status}"),
            Self::Foreign(status) => write!(f, "{status} of another service"),
            Self::Failure { word, .. } => f.write_str(word),
        }
    }
}

/// `200: 15, 503: 25`
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ends = self.ends().map(|(end, number)| format!("{end}: {number}"));
        f.write_str(&ends.collect::<Vec<_>>().join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: StatusCode = StatusCode::SERVICE_UNAVAILABLE;

    fn served(report: &mut Report, millis: u64) {
        report.count(Ok((StatusCode::OK, Verdict::Expected)), Duration::from_millis(millis));
    }

    #[test]
    fn latencies_are_right_to_three_digits() {
        let mut report = Report::default();
        assert_eq!((report.latencies(), report.quantile(0.5)), (None, None));
        for millis in (1..=1_000).rev() {
            served(&mut report, millis);
        }
        for (part, millis) in [(0.0, 1.0), (0.5, 500.0), (0.999, 999.0), (1.0, 1_000.0)] {
            let measured = report.quantile(part).expect("there are some").as_secs_f64() * 1e3;
            assert!((measured / millis - 1.0).abs() <= 1e-3, "{part}: {measured} ms");
        }
        let line = "p50 0.500 s  p90 0.900 s  p99 0.990 s  p99.9 0.999 s  max 1.000 s";
        assert_eq!(report.latencies().as_deref(), Some(line));
        let json = Value::Object(report.to_json());
        assert_eq!((&json["requests"], &json["ends"]["200"]), (&json!(1_000), &json!(1_000)));
        let max = json["latency_us"]["max"].as_u64().expect("a number");
        assert!((1_000_000..=1_001_000).contains(&max), "{max}");
    }

    #[test]
    fn every_end_is_counted_and_only_what_was_expected_has_a_latency() {
        let mut report = Report::default();
        served(&mut report, 2_000);
        report.count(Ok((FULL, Verdict::Refused)), Duration::ZERO);
        report.count(Err(&Failure::Died), Duration::ZERO);
        assert_eq!(report.to_string(), "200: 1, 503: 1, died: 1");
        assert_eq!((report.requests(), report.expected(), report.garbage()), (3, 1, 0));
        assert_eq!((report.ended("503"), report.ended("refused")), (1, 0));
    }

    #[test]
    fn what_cannot_come_from_the_service_is_garbage() {
        let mut report = Report::default();
        let foreign = |status| Ok((status, Verdict::Foreign));
        report.count(foreign(StatusCode::OK), Duration::ZERO);
        report.count(foreign(StatusCode::NOT_FOUND), Duration::ZERO); // a route that is gone
        report.count(Err(&Failure::NotHttp), Duration::ZERO);
        report.count(Err(&Failure::TooLong(1)), Duration::ZERO);
        let ends = "200 of another service: 1, 404: 1, not HTTP: 1, too long: 1";
        assert_eq!(sorted(&report.to_string()), sorted(ends));
        assert_eq!((report.garbage(), report.expected()), (3, 0));
    }

    fn sorted(line: &str) -> Vec<&str> {
        let mut parts: Vec<_> = line.split(", ").collect();
        parts.sort_unstable();
        parts
    }
}
