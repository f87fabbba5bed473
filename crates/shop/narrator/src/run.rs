use std::env;
use std::io::Write;
use std::process::ExitCode;

use coffee::Shop;
use program::{Failure, exit};

use crate::error::Error;
use crate::flags::{Asked, parse};
use crate::lesson::Lesson;
use crate::narrator::Narrator;
use crate::once::serve_once;
use crate::terminal::Terminal;
use crate::usage;

/// Serves one customer as `serve` does, with the flags of the command line, and ends.
///
/// The exit code is 0 once the customer is served, 130 after Ctrl-C, 2 if the command line is
/// wrong, 101 if the step panicked, and 1 for any other failure.
#[must_use]
pub fn serve_one<F>(lesson: &Lesson, serve: impl FnOnce(Shop, u32) -> F) -> ExitCode
where
    F: Future<Output = ()> + Send + 'static,
{
    let flags = match parse(env::args_os().skip(1)) {
        Ok(Asked::Serve(flags)) => flags,
        // Where even that cannot be written, the exit code has to do.
        Ok(Asked::Help) => {
            let _ = write!(anstream::stdout(), "{}", usage::text(lesson));
            return ExitCode::SUCCESS;
        }
        Err(problem) => {
            let _ = write!(anstream::stderr(), "{}", usage::refusal(lesson, &problem));
            return ExitCode::from(Failure::USAGE);
        }
    };
    let narrator = Narrator::new(*lesson, Terminal::stdout(flags.plain));
    exit(serve_once(&narrator, &flags, 1, serve).map_err(Error::into_failure))
}
