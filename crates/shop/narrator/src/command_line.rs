use std::env;
use std::io::Write;
use std::process::ExitCode;

use program::Failure;

use crate::flags::{Asked, Flags, Value, parse};
use crate::usage::Usage;

/// Reads the command line of this process; `read` gets the name and value of each flag of
/// [`Usage::more`], and says in a sentence what is wrong with it.
///
/// # Errors
///
/// A command line that asks for help, or is wrong, is answered here. The error is the exit code to
/// end with.
pub fn command_line(
    usage: &Usage<'_>,
    read: impl FnMut(&'static str, Value<'_>) -> Result<(), String>,
) -> Result<Flags, ExitCode> {
    match parse(env::args_os().skip(1), usage.more, read) {
        Ok(Asked::Run(flags)) => Ok(flags),
        Ok(Asked::Help) => {
            // Where even that cannot be written, the exit code has to do.
            let _ = write!(anstream::stdout(), "{}", usage.help());
            Err(ExitCode::SUCCESS)
        }
        Err(problem) => Err(refuse(usage, &problem)),
    }
}

/// Says on standard error what is wrong with the command line, and returns the exit code to end
/// with.
#[must_use]
pub fn refuse(usage: &Usage<'_>, problem: &str) -> ExitCode {
    let _ = write!(anstream::stderr(), "{}", usage.refusal(problem));
    ExitCode::from(Failure::USAGE)
}
