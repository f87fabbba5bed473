use std::io::stderr;
use std::panic;

use tracing_appender::non_blocking::{ErrorCounter, NonBlockingBuilder, WorkerGuard};

use crate::args::LogFormat;

/// How many lines wait to be written. One more is dropped and counted: a log that is not read must
/// cost neither time nor memory.
const MOST_LINES: usize = 256;

/// The log, which a thread of its own writes to standard error. Dropping this waits for the last
/// lines, for a second at most.
#[derive(Debug)]
pub(crate) struct Log {
    dropped: ErrorCounter,
    _writer: WorkerGuard,
}

impl Log {
    /// Begins to log, for as long as the process lives. Panics are told there, too: their usual way
    /// to standard error may block a worker.
    pub(crate) fn begin(format: LogFormat) -> Self {
        let builder = NonBlockingBuilder::default().lossy(true).buffered_lines_limit(MOST_LINES);
        let (lines, writer) = builder.finish(stderr());
        let dropped = lines.error_counter();
        // What cannot be written is lost, and the shop goes on.
        let log = tracing_subscriber::fmt().with_writer(lines).log_internal_errors(false);
        let log = log.with_target(false);
        match format {
            LogFormat::Text => log.with_ansi(false).init(),
            LogFormat::Json => log.json().flatten_event(true).init(),
        }
        panic::set_hook(Box::new(|panicked| tracing::error!("{panicked}")));
        Self { dropped, _writer: writer }
    }

    /// Counts the lines that were dropped, because the ones before were not read.
    pub(crate) fn dropped(&self) -> ErrorCounter {
        self.dropped.clone()
    }
}
