use std::process::ExitCode;

use coffee::Shop;
use program::exit;

use crate::command_line::command_line;
use crate::error::Error;
use crate::flags::Value;
use crate::lesson::Lesson;
use crate::narrator::Narrator;
use crate::once::serve_once;
use crate::terminal::Terminal;
use crate::usage::Usage;

/// Serves one customer as `serve` does, with the flags of the command line, and ends.
///
/// The exit code is 0 once the customer is served, 130 after Ctrl-C, 2 if the command line is
/// wrong, 101 if the step panicked, and 1 for any other failure.
#[must_use]
pub fn serve_one<F>(lesson: &Lesson, serve: impl FnOnce(Shop, u32) -> F) -> ExitCode
where
    F: Future<Output = ()> + Send + 'static,
{
    let tries = [("", "               6 seconds"), ("--paused", "   the same at once")];
    let usage = Usage { lesson, more: &[], tries: &tries };
    let unknown = |name, _: Value<'_>| unreachable!("{name} is not among the flags");
    let flags = match command_line(&usage, unknown) {
        Ok(flags) => flags,
        Err(code) => return code,
    };
    let narrator = Narrator::new(*lesson, Terminal::stdout(flags.plain));
    exit(serve_once(&narrator, &flags, 1, serve).map_err(Error::into_failure))
}
