use std::process::ExitCode;

use menu::Step;
use narrator::{Lesson, Narrator, Terminal, serve_once};
use program::exit;

use crate::args;
use crate::bars::ProgressBars;
use crate::error::Error;
use crate::shop::Shop;

/// Opens a shop that serves in the way of `step` until Ctrl-C, or with `--customers` serves once
/// and ends. Reads the flags from the command line.
///
/// The exit code is 0 at the end, 130 after a Ctrl-C that cut something short, 2 if the command
/// line is wrong, 101 if the step panicked, and 1 for any other failure.
#[must_use]
pub fn open(step: Step, lesson: &Lesson) -> ExitCode {
    let (flags, open) = match args::read(lesson) {
        Ok(read) => read,
        Err(code) => return code,
    };
    let terminal = Terminal::stdout(flags.plain);
    let bars = (!terminal.is_plain()).then(ProgressBars::on_stderr).flatten();
    let terminal = match bars {
        Some(bars) => terminal.with_bars(bars),
        None => terminal,
    };
    let narrator = Narrator::new(*lesson, terminal);
    let ended = match open.customers {
        Some(customers) => {
            serve_once(&narrator, &flags, customers, move |shop, customers| async move {
                step.serve(&shop, customers).await;
            })
            .map_err(Error::from)
        }
        None => Shop { step, narrator, durations: flags.action_seconds, open }.until_closed(),
    };
    exit(ended.map_err(Error::into_failure))
}
