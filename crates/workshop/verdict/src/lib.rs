//! The verdict on an exercise, on its way from the attendee's process to the runner's.
//!
//! It goes through a file that the runner names, because what a program prints may be anything. A
//! crate of its own, so that the runner need not compile what the examiner needs.

use serde::{Deserialize, Serialize};

/// The environment variable that names the file for the report. Without it an exercise prints its
/// verdict.
///
/// With it, the runner holds the other end of standard input: when that closes, the runner is gone,
/// and the exercise ends.
pub const REPORT: &str = "WORKSHOP_REPORT";
/// The variable that says how many columns the timeline may take.
pub const COLUMNS: &str = "WORKSHOP_COLUMNS";
/// The variable that is there if the timeline is to be in colour.
pub const COLOUR: &str = "WORKSHOP_COLOUR";
/// The variable with the [`fingerprint`] of the exercise's file, while it is *compiled*. Cargo
/// compiles the exercise again when the value differs, whatever the time stamps of the file say,
/// and the program repeats it in its report.
pub const SOURCE: &str = "WORKSHOP_SOURCE";
/// Begins what belongs to one shop in the output of an exercise: this sign, the number of the shop
/// as in [`Report::shop`], and [`END_OF_MARK`]. Only written where there is a [`REPORT`] to write.
pub const MARK: char = '\u{1e}';
/// Ends what [`MARK`] begins.
pub const END_OF_MARK: char = '\u{1f}';

/// What an exercise tells the runner.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Report {
    /// What [`SOURCE`] was when the exercise was compiled.
    pub source: Option<String>,
    /// Whether the exercise is passed.
    pub passed: bool,
    /// The timeline of the attendee's own code, drawn; empty if there is nothing to draw.
    pub picture: String,
    /// The number of the shop in the picture.
    pub shop: Option<u32>,
    /// What else the run measured, a line each.
    pub measured: Vec<String>,
    /// The verdict in words: sentences without the last full stop.
    pub sentence: String,
}

impl Report {
    /// The most bytes that a report may have. A longer one need not be read to its end.
    pub const LONGEST: u64 = 256 * 1024;

    /// The report as one JSON object.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("words and truth values can always be written")
    }

    /// The report from its JSON; `None` if it is something else.
    #[must_use]
    pub fn from_json(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }
}

/// A short name for the content of a file, the same on every machine and in every version: 64 bits
/// of FNV-1a. It tells edits apart; it is no defence against forgery.
#[must_use]
pub fn fingerprint(content: &[u8]) -> String {
    const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    let mixed =
        content.iter().fold(BASIS, |so_far, byte| (so_far ^ u64::from(*byte)).wrapping_mul(PRIME));
    format!("{mixed:016x}")
}

#[cfg(test)]
mod tests {
    use super::fingerprint;

    /// The published test vectors of FNV-1a.
    #[test]
    fn a_fingerprint_is_the_well_known_one() {
        let names = ["", "a", "foobar"].map(|text| fingerprint(text.as_bytes()));
        assert_eq!(names, ["cbf29ce484222325", "af63dc4c8601ec8c", "85944171f73967e8"]);
    }
}
