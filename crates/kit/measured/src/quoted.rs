use serde::{Deserialize, Serialize};

/// A figure that another source reported, with its source. `About` is what it is about, such as the
/// step of a talk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quoted<About> {
    /// What the figure is about.
    #[serde(flatten)]
    pub about: About,
    /// Which quantity it is, in words.
    pub what: String,
    /// The figure.
    pub value: Value,
    /// Its unit; empty if it has none.
    pub unit: String,
    /// Where it was reported.
    pub source: String,
}

/// A number, or an outcome in words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// A number.
    Number(f64),
    /// An outcome in words.
    Words(String),
}
