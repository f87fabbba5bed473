use std::fmt;
use std::io::{self, ErrorKind, Write};
use std::sync::{Mutex, OnceLock, PoisonError};

use tokio::sync::Notify;

/// What a program writes for its reader, as long as the reader reads.
///
/// A reader that leaves early, as in `... | head -1`, is no error: what is written after that goes
/// nowhere, [`closed`](Self::closed) is done, and [`check`](Self::check) finds nothing wrong.
pub struct Output {
    writer: Mutex<Box<dyn Write + Send>>,
    failure: OnceLock<io::Error>,
    closed: Notify,
}

impl Output {
    /// Standard output.
    #[must_use]
    pub fn stdout() -> Self {
        Self::to(io::stdout())
    }

    /// Another place: a terminal with its own way of colouring, or what a test looks at.
    #[must_use]
    pub fn to(writer: impl Write + Send + 'static) -> Self {
        let writer = Mutex::new(Box::new(writer) as Box<_>);
        Self { writer, failure: OnceLock::new(), closed: Notify::new() }
    }

    /// Writes a text and flushes it. Waits while the reader does not read.
    pub fn write(&self, text: &str) {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        if self.is_closed() {
            return;
        }
        if let Err(error) = writer.write_all(text.as_bytes()).and_then(|()| writer.flush()) {
            let _ = self.failure.set(error);
            self.closed.notify_one();
        }
    }

    /// Whether nothing can be written any more.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.failure.get().is_some()
    }

    /// Done when nothing can be written any more. For one caller at a time. Cancel safe.
    pub async fn closed(&self) {
        while !self.is_closed() {
            self.closed.notified().await;
        }
    }

    /// Why nothing could be written any more, unless the reader has left, which is no error.
    ///
    /// # Errors
    ///
    /// What the operating system said, such as that the disk is full.
    pub fn check(&self) -> io::Result<()> {
        match self.failure.get() {
            Some(error) if error.kind() != ErrorKind::BrokenPipe => {
                Err(io::Error::new(error.kind(), error.to_string()))
            }
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Output").field("failure", &self.failure).finish_non_exhaustive()
    }
}
