use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::Value;

/// A Deployment, and what stands beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct Manifest {
    /// The file or folder in which it was found.
    pub path: PathBuf,
    /// With all patches over it.
    pub deployment: Value,
    /// The kinds of the other resources.
    pub beside: BTreeSet<String>,
}
