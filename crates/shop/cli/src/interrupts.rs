use tokio::signal;

use crate::Error;

/// Ctrl-C, listened to from the moment this is made. Tokio's `ctrl_c()` listens only once it is
/// polled, and a Ctrl-C before that ends the program without a word.
#[derive(Debug)]
pub(crate) struct Interrupts {
    #[cfg(unix)]
    signal: signal::unix::Signal,
    #[cfg(windows)]
    signal: signal::windows::CtrlC,
}

impl Interrupts {
    pub(crate) fn listen() -> Result<Self, Error> {
        #[cfg(unix)]
        let signal = signal::unix::signal(signal::unix::SignalKind::interrupt());
        #[cfg(windows)]
        let signal = signal::windows::ctrl_c();
        Ok(Self { signal: signal.map_err(|source| Error::System { source })? })
    }

    /// Done at the next Ctrl-C. Cancel safe.
    pub(crate) async fn next(&mut self) {
        self.signal.recv().await;
    }
}
