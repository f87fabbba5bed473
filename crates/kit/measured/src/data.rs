use std::path::{Path, PathBuf};
use std::{fs, io};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Why a data file cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// It cannot be read or written.
    #[error("{path} cannot be read or written: {source}. Measure again with: {command}")]
    File {
        /// Which file.
        path: PathBuf,
        /// What writes it.
        command: &'static str,
        /// What the operating system says.
        source: io::Error,
    },
    /// It holds something else.
    #[error("{path} is not what its program writes: {source}. Measure again with: {command}")]
    Content {
        /// Which file.
        path: PathBuf,
        /// What writes it.
        command: &'static str,
        /// What is wrong, and where.
        source: serde_json::Error,
    },
}

/// Figures that are kept in a file of `benches/data`, in this workspace.
pub trait Data: Serialize + DeserializeOwned {
    /// The file's name.
    const FILE: &'static str;

    /// What to type to measure it again.
    const COMMAND: &'static str;

    /// Reads what was measured last.
    ///
    /// # Errors
    ///
    /// When the file is not there, or holds something else.
    fn load() -> Result<Self, DataError> {
        let (path, command) = (path(Self::FILE), Self::COMMAND);
        let text = fs::read_to_string(&path);
        let text =
            text.map_err(|source| DataError::File { path: path.clone(), command, source })?;
        serde_json::from_str(&text).map_err(|source| DataError::Content { path, command, source })
    }

    /// Keeps it in place of what was measured before, and says where.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    fn save(&self) -> Result<PathBuf, DataError> {
        let (path, command) = (path(Self::FILE), Self::COMMAND);
        let text = serde_json::to_string_pretty(self).expect("figures are numbers and words");
        match fs::write(&path, text + "\n") {
            Ok(()) => Ok(path),
            Err(source) => Err(DataError::File { path, command, source }),
        }
    }
}

fn path(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../benches/data").join(file)
}
