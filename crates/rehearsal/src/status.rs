use std::process::ExitStatus;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use indicatif::DecimalBytes;
use rush::Address;

/// The state of a pod.
#[derive(Clone, Debug, Default)]
pub(crate) struct Status {
    /// Where its shop listens, while it runs.
    pub(crate) address: Option<Address>,
    /// Whether `/readyz` answered 200 when it was asked last.
    pub(crate) ready: bool,
    /// Where the Service sends orders, which learns of every change a little later.
    pub(crate) endpoint: Option<Address>,
    pub(crate) restarts: u32,
    /// How the last shop in it ended, and how long a kubelet would wait after that.
    pub(crate) last: Option<(Ending, Duration)>,
    /// Set once the pod has ended; `Err` says why it failed.
    pub(crate) gone: Option<Result<(), String>>,
}

/// How a shop ended that was to go on.
#[derive(Clone, Debug)]
pub(crate) enum Ending {
    /// It had so many bytes, and was killed for it.
    PastLimit(u64),
    /// It was killed on request.
    Killed,
    /// It ended by itself.
    Exited(ExitStatus),
}

impl Ending {
    /// A clause.
    pub(crate) fn in_words(&self) -> String {
        match self {
            Self::PastLimit(bytes) => format!(
                "killed by the rehearsal at {}; in a cluster the kernel does it, exit code 137",
                DecimalBytes(*bytes)
            ),
            Self::Killed => "killed on request".to_owned(),
            Self::Exited(status) => format!("it ended by itself, {status}"),
        }
    }
}

/// The resident memory of a pod's process, in bytes.
#[derive(Debug, Default)]
pub(crate) struct ResidentMemory {
    now: AtomicU64,
    peak: AtomicU64,
}

impl ResidentMemory {
    pub(crate) fn now(&self) -> u64 {
        self.now.load(Ordering::Relaxed)
    }

    /// The highest since the last call.
    pub(crate) fn take_peak(&self) -> u64 {
        self.peak.swap(self.now(), Ordering::Relaxed)
    }

    /// Keeps a new sample.
    pub(crate) fn record(&self, bytes: u64) {
        self.now.store(bytes, Ordering::Relaxed);
        self.peak.fetch_max(bytes, Ordering::Relaxed);
    }
}

/// What a pod is told. (An order is what customers give.)
#[derive(Clone, Copy, Debug)]
pub(crate) enum Command {
    Kill,
    Terminate,
}
