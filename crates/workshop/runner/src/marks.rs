use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::{fmt, fs};

use serde::{Deserialize, Serialize};

/// What is kept of one exercise.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(default)]
pub(crate) struct Mark {
    pub(crate) passed: bool,
    pub(crate) hints: u8,
    /// The fingerprint of the file that passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) source: Option<String>,
}

/// Why there is no progress to be read.
#[derive(Debug)]
pub(crate) enum Problem {
    /// The file says something else.
    Nonsense(String),
    /// The system does not hand it out; what it says may be fine.
    Refused(io::Error),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nonsense(why) => f.write_str(why),
            Self::Refused(error) => error.fmt(f),
        }
    }
}

pub(crate) fn marks(path: &Path) -> Result<BTreeMap<String, Mark>, Problem> {
    match fs::read_to_string(path) {
        Ok(text) => serde_json::from_str(&text).map_err(|e| Problem::Nonsense(e.to_string())),
        Err(error) => match error.kind() {
            ErrorKind::NotFound => Ok(BTreeMap::new()),
            ErrorKind::InvalidData => Err(Problem::Nonsense(error.to_string())),
            _ => Err(Problem::Refused(error)),
        },
    }
}

/// Never over an older one.
pub(crate) fn put_aside(path: &Path) -> String {
    let names = (1..).map(|number| match number {
        1 => "json.unreadable".to_owned(),
        _ => format!("json.unreadable-{number}"),
    });
    let mut paths = names.map(|name| path.with_extension(name));
    let aside = paths.find(|aside| !aside.exists()).expect("a folder does not hold that many");
    match fs::rename(path, &aside) {
        Ok(()) => format!("it is now {}", aside.display()),
        Err(error) => format!("and it cannot be put aside: {error}"),
    }
}
