use std::io::{self, ErrorKind, Write};
use std::sync::OnceLock;

use tokio::sync::Notify;

/// Standard output, written to as long as it is open.
///
/// A reader that leaves early, as in `... | head -1`, is no error: what is written after that goes
/// nowhere, [`closed`](Self::closed) is done, and [`check`](Self::check) finds nothing wrong.
#[derive(Debug, Default)]
pub struct Stdout {
    failure: OnceLock<io::Error>,
    closed: Notify,
}

impl Stdout {
    /// Standard output, with nothing written to it yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes a text and flushes it. Waits while the reader does not read.
    pub fn write(&self, text: &str) {
        if self.failure.get().is_some() {
            return;
        }
        let mut out = io::stdout().lock();
        if let Err(error) = out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            let _ = self.failure.set(error);
            self.closed.notify_one();
        }
    }

    /// Whether the output cannot be written any more.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.failure.get().is_some()
    }

    /// Done when the output cannot be written any more. For one caller. Cancel safe.
    pub async fn closed(&self) {
        if !self.is_closed() {
            self.closed.notified().await;
        }
    }

    /// Why the output could not be written, unless its reader has left, which is no error.
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
