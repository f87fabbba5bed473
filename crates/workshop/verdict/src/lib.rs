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
/// The variable with a word that the report repeats, so that it cannot be the report of another
/// run.
pub const NONCE: &str = "WORKSHOP_NONCE";
/// The variable that says how many columns the timeline may take.
pub const COLUMNS: &str = "WORKSHOP_COLUMNS";
/// The variable that is there if the timeline is to be in colour.
pub const COLOUR: &str = "WORKSHOP_COLOUR";

/// What an exercise tells the runner.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Report {
    /// The word from [`NONCE`].
    pub nonce: String,
    /// Whether the exercise is passed.
    pub passed: bool,
    /// The timeline of the attendee's own code, drawn; empty if there is nothing to draw.
    pub picture: String,
    /// What else the run measured, a line each.
    pub measured: Vec<String>,
    /// The verdict in words: sentences without the last full stop.
    pub sentence: String,
}

impl Report {
    /// No report is longer than so many bytes. Whoever reads one need not read on.
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
