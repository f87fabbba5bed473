use std::io::{self, Write};
use std::process::{Command, ExitStatus, Stdio};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Why a process that was started for a figure brought none.
#[derive(Debug, thiserror::Error)]
pub enum CellError {
    /// It did not start.
    #[error("{program} cannot be started: {source}")]
    Start {
        /// The program.
        program: String,
        /// What the operating system says.
        source: io::Error,
    },
    /// It ended early.
    #[error(
        "the process for {what} ended early, with {status}; if it was killed, the memory was not \
         enough: free some, or try fewer"
    )]
    Ended {
        /// What it was to measure.
        what: String,
        /// How it ended.
        status: ExitStatus,
    },
    /// It printed something else than its figures.
    #[error("the process for {what} printed no figures ({source}); build it anew")]
    Figures {
        /// What it was to measure.
        what: String,
        /// What is wrong with its output, and where.
        source: serde_json::Error,
    },
}

/// Runs `command` and returns the figures that it [tells](tell). Blocks until it has ended; its
/// standard error is shown. `what` names the figure in errors.
///
/// # Errors
///
/// If the process does not start, fails, or prints something else.
pub fn own_process<T: DeserializeOwned>(what: &str, command: &mut Command) -> Result<T, CellError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output();
    let output = output.map_err(|source| CellError::Start { program, source })?;
    let what = what.to_owned();
    if !output.status.success() {
        return Err(CellError::Ended { what, status: output.status });
    }
    serde_json::from_slice(&output.stdout).map_err(|source| CellError::Figures { what, source })
}

/// Prints the figures of this process for the one that started it, as a line of JSON.
///
/// # Errors
///
/// If standard output cannot be written.
pub fn tell(figures: &impl Serialize) -> io::Result<()> {
    let line = serde_json::to_string(figures)?;
    writeln!(io::stdout(), "{line}")
}
