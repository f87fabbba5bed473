use std::io;
use std::path::PathBuf;

use program::Failure;
use thiserror::Error;

/// Why an example fails. Each message ends with what to do.
#[derive(Debug, Error)]
pub enum Error {
    /// The picture cannot be written.
    #[error("the picture {path} cannot be written: {source}. Choose another file with --svg", path = path.display())]
    Picture {
        /// Where the picture should be.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// The output cannot be written, and not because its reader has left.
    #[error("the output cannot be written: {source}. Look where it goes, a full disk perhaps")]
    Output {
        /// What the operating system says.
        source: io::Error,
    },
    /// The step panicked, which happens to learners who change it.
    #[error(
        "the step panicked, and the coffees that were under way are lost. The reason stands \
         above, with the line to look at"
    )]
    Panicked,
    /// The clock is paused, and every task waits for something that is no timer.
    #[error(
        "nothing can go on: the clock is paused, no task waits for a timer, and some customers \
         have no coffee. Look for what never ends: std::future::pending(), a channel whose sender \
         is kept, a lock that is never released, a task that waits for itself"
    )]
    Asleep,
    /// The operating system refuses threads or a signal handler.
    #[error(
        "the operating system refuses what the shop needs to run: {source}. Close other programs \
         and try again"
    )]
    System {
        /// What the operating system says.
        source: io::Error,
    },
}

impl Error {
    /// The failure with which the program ends: exit code 101 if the step panicked, else 1.
    #[must_use]
    pub fn into_failure(self) -> Failure {
        let code = if matches!(self, Self::Panicked) { Failure::PANICKED } else { 1 };
        Failure::from(self).code(code)
    }
}
