use std::process::Command;
use std::time::Duration;

use crate::bounded::{self, Bounds, Ending};

/// What a program said.
#[derive(Debug)]
pub(crate) enum Answer {
    /// It is not there.
    Absent,
    /// It ended well, and said this on its standard output.
    Said(String),
    /// It ended badly, and said this on its standard error.
    Failed(String),
    /// It did not answer in time.
    Silent,
}

/// Asks a program, for no longer than `patience` of wall time: `docker info` waits for ever if its
/// daemon hangs.
pub(crate) fn ask(command: Command, patience: Duration) -> Answer {
    let bounds = Bounds { time: patience, memory: u64::MAX, output: 1 << 20 };
    match bounded::run(command, bounds, |_| {}, &|| false) {
        Err(_) => Answer::Absent,
        Ok(ran) => match ran.ending {
            Ending::Exited(status) if status.success() => Answer::Said(ran.stdout),
            Ending::Exited(_) => Answer::Failed(ran.stderr),
            _ => Answer::Silent,
        },
    }
}

/// A program and what to ask it.
pub(crate) fn command(program: &str, args: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(args);
    command
}

/// The first line, which is where programs name themselves.
pub(crate) fn first_line(text: &str) -> &str {
    text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim()
}
