use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use std::{io, process};

use clap::Parser;
use coffee::{Durations, Shop};
use measured::Meter;
use serde::{Deserialize, Serialize};
use tokio::runtime::Builder;
use tokio::time::timeout;

use super::Way;

/// One cell of the table, as a program of its own: a process has one allocator and one peak.
#[derive(Clone, Copy, Debug, Parser)]
pub struct Cell {
    /// How to serve.
    pub way: Way,
    /// How many customers.
    pub customers: u32,
    /// How long each action takes, in milliseconds of wall time.
    pub action_ms: u64,
    /// When to give up, in milliseconds of wall time.
    pub limit_ms: u64,
}

/// What a cell's process prints, as one line of JSON.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// Wall time beyond the waiting, in seconds; none if it was given up.
    pub beyond_waiting_s: Option<f64>,
    /// How much memory serving added at its peak, in bytes; none where the operating system does
    /// not tell.
    pub peak_bytes: Option<u64>,
    /// How many customers had their coffee when it was given up, if that way counts.
    pub served: u32,
}

/// Serves as the command line says and prints the [`Outcome`]. For the programs that choose an
/// allocator.
///
/// # Errors
///
/// When the operating system refuses threads or the output.
pub fn run() -> io::Result<()> {
    let outcome = Cell::parse().serve()?;
    measured::tell(&outcome)?;
    // Whatever was given up is dropped by the operating system, which is quicker at it.
    process::exit(0)
}

impl Cell {
    fn serve(self) -> io::Result<Outcome> {
        let runtime = Builder::new_multi_thread().enable_time().build()?;
        let action = Duration::from_millis(self.action_ms);
        let served = Arc::new(AtomicU32::new(0));
        let count = Arc::clone(&served);
        let meter = Meter::start();
        let end = runtime.block_on(async {
            // In a task, as in a handler: spawning from a worker costs less than from outside.
            let visit = tokio::spawn(async move {
                let shop = Shop::new(Durations::each(action));
                self.way.serve(&shop, self.customers, &count).await;
            });
            timeout(Duration::from_millis(self.limit_ms), visit).await
        });
        let cost = meter.stop();
        let outcome = Outcome {
            beyond_waiting_s: end.is_ok().then(|| cost.wall.saturating_sub(action).as_secs_f64()),
            peak_bytes: cost.added(),
            served: served.load(Ordering::Relaxed),
        };
        runtime.shutdown_background();
        Ok(outcome)
    }
}
