use std::time::Duration;

use crate::{Outcome, Record, Timeline};

// By hand, because serde would be a third of what the first coffee has to compile. All there is to
// write are numbers and lower-case words of our own, none of which needs an escape.

impl Timeline {
    /// The whole timeline as one JSON object. Times are seconds.
    #[must_use]
    pub fn to_json(&self) -> String {
        let records: Vec<_> = self.records().iter().map(record).collect();
        format!(
            r#"{{"customers":{},"served":{},"lost":{},"omitted":{},"answered_s":{},"last_end_s":{},"records":[{}]}}"#,
            self.customers(),
            self.served(),
            self.lost(),
            self.omitted(),
            or_null(self.answered().map(seconds)),
            seconds(self.last_end()),
            records.join(",")
        )
    }
}

fn record(record: &Record) -> String {
    let outcome = record.outcome.map(|outcome| match outcome {
        Outcome::Finished => r#""finished""#,
        Outcome::Cancelled => r#""cancelled""#,
    });
    format!(
        r#"{{"customer":{},"action":"{}","started_s":{},"ended_s":{},"outcome":{},"task":{},"thread":{}}}"#,
        record.customer,
        record.action.name(),
        seconds(record.started),
        or_null(record.ended.map(seconds)),
        or_null(outcome),
        or_null(record.task),
        or_null(record.thread)
    )
}

/// The shortest decimal that is the same number, such as 2.0.
fn seconds(duration: Duration) -> String {
    format!("{:?}", duration.as_secs_f64())
}

fn or_null(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "null".to_owned(), |value| value.to_string())
}
