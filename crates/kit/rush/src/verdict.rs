/// What a caller's check says of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The request did what it was for: its latency counts.
    Expected,
    /// The service, or a proxy before it, did not do what it was asked for.
    Refused,
    /// Another service gave this answer.
    Foreign,
}
