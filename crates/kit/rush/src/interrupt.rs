use std::process;

use tokio::signal::ctrl_c;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Ctrl-C: the first asks to come to an end, the second ends the process at once.
#[derive(Debug)]
pub struct Interrupt {
    first: watch::Receiver<bool>,
    /// Owns the task that listens.
    _listening: JoinSet<()>,
}

/// What a shell says of a program that Ctrl-C ended.
const INTERRUPTED: i32 = 130;

impl Interrupt {
    /// Listens from now on, until it is dropped. If the system does not let it, Ctrl-C does what
    /// it does anyway: it ends the process.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime there is nowhere to listen.
    #[must_use]
    pub fn listen() -> Self {
        let (come, first) = watch::channel(false);
        let mut listening = JoinSet::new();
        listening.spawn(async move {
            if ctrl_c().await.is_ok() {
                come.send_replace(true);
                if ctrl_c().await.is_ok() {
                    process::exit(INTERRUPTED);
                }
            }
            come.closed().await;
        });
        Self { first, _listening: listening }
    }

    /// Done when Ctrl-C was pressed, also before. Cancel safe.
    pub async fn come(&self) {
        let mut first = self.first.clone();
        // The sender lives as long as the task, and that as long as this.
        let _ = first.wait_for(|come| *come).await;
    }
}
