//! Durations and numbers as sentences and drawings say them.

use std::time::Duration;

/// Writes a duration in seconds, as the drawings do: `18.0 s`.
#[must_use]
pub fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

/// Writes a duration as a sentence says it: in seconds, or in a smaller unit where seconds would
/// read as nothing.
#[must_use]
pub fn spoken(duration: Duration) -> String {
    match duration.as_micros() as u64 {
        micros @ 1..1_000 => count(micros, "microsecond"),
        micros @ 1_000..100_000 => count(micros / 1_000, "millisecond"),
        _ => seconds(duration),
    }
}

/// Writes things with their number: `1 coffee`, `3 coffees`. The plural is the word with an s.
#[must_use]
pub fn count(n: u64, thing: &str) -> String {
    format!("{n} {thing}{}", if n == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_spoken_in_a_unit_that_says_something() {
        let spoken = |micros| spoken(Duration::from_micros(micros));
        assert_eq!(spoken(0), "0.0 s");
        assert_eq!(spoken(1), "1 microsecond");
        assert_eq!(spoken(50), "50 microseconds");
        assert_eq!(spoken(1_999), "1 millisecond");
        assert_eq!(spoken(99_999), "99 milliseconds");
        assert_eq!(spoken(18_004_000), "18.0 s");
    }
}
