use std::ops::RangeInclusive;
use std::time::Duration;

/// `2.002 s`
#[must_use]
pub fn seconds(time: Duration) -> String {
    format!("{:.3} s", time.as_secs_f64())
}

/// Reads a flag that is a number of seconds within these bounds.
///
/// # Errors
///
/// A sentence that says what is allowed, and what to try.
pub fn parse_seconds(
    text: &str,
    allowed: &RangeInclusive<f64>,
    example: u32,
) -> Result<Duration, String> {
    let seconds = text.parse().ok().filter(|seconds| allowed.contains(seconds));
    let (least, most) = (allowed.start(), allowed.end());
    seconds
        .map(Duration::from_secs_f64)
        .ok_or_else(|| format!("not a number of seconds from {least} to {most}; try {example}"))
}
