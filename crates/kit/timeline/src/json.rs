use std::fmt::{self, Display, Write};
use std::time::Duration;

use crate::event::Outcome;
use crate::kind::Kind;
use crate::timeline::{Record, Timeline};

/// About what a record takes; a string that is too short grows.
const BYTES_A_RECORD: usize = 144;
const BYTES_AROUND: usize = 256;

// By hand, because serde would be a third of what the first coffee has to compile. All there is to
// write are numbers and lower-case words of our own, none of which needs an escape.

impl<K: Kind> Timeline<K> {
    /// Writes the whole timeline as one JSON object. Times are seconds. The kind names the keys: a
    /// shop counts `customers`, and each of its records has a `customer` and an `action`.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = String::with_capacity(BYTES_AROUND + BYTES_A_RECORD * self.records().len());
        // Writing to a string never fails.
        let _ = self.write_json(&mut json);
        json
    }

    fn write_json(&self, json: &mut String) -> fmt::Result {
        write!(
            json,
            r#"{{"{}s":{},"served":{},"lost":{},"omitted":{},"answered_s":{},"last_end_s":{},"records":["#,
            K::LANE,
            self.accepted(),
            self.served(),
            self.lost(),
            self.omitted(),
            or_null(self.answered().map(seconds)),
            seconds(self.last_end()),
        )?;
        for (index, record) in self.records().iter().enumerate() {
            if index > 0 {
                json.push(',');
            }
            write_record(json, record)?;
        }
        json.push_str("]}");
        Ok(())
    }
}

/// One string with room for all of them: of a thousand customers each copy would be 400 kB.
fn write_record<K: Kind>(json: &mut String, record: &Record<K>) -> fmt::Result {
    let outcome = record.outcome.map(|outcome| match outcome {
        Outcome::Finished => r#""finished""#,
        Outcome::Cancelled => r#""cancelled""#,
    });
    write!(
        json,
        r#"{{"{}":{},"{}":"{}","started_s":{},"ended_s":{},"outcome":{},"task":{},"thread":{}}}"#,
        K::LANE,
        record.lane,
        K::SPAN,
        record.kind.name(),
        seconds(record.started),
        or_null(record.ended.map(seconds)),
        or_null(outcome),
        or_null(record.task),
        or_null(record.thread)
    )
}

/// The shortest decimal that is the same number, such as 2.0.
fn seconds(duration: Duration) -> impl Display {
    struct Seconds(f64);
    impl Display for Seconds {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "{:?}", self.0)
        }
    }
    Seconds(duration.as_secs_f64())
}

fn or_null<T: Display>(value: Option<T>) -> impl Display {
    struct OrNull<T>(Option<T>);
    impl<T: Display> Display for OrNull<T> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            match &self.0 {
                Some(value) => value.fmt(f),
                None => f.write_str("null"),
            }
        }
    }
    OrNull(value)
}
