use std::collections::BTreeMap;
use std::process::ExitStatus;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rush::Address;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::kubelet::Kubelet;

/// How long a system may take to end killed processes, in real time.
const CLOSED: Duration = Duration::from_secs(5);

/// What makes a pod.
#[derive(Clone, Debug)]
pub(crate) struct Recipe {
    pub(crate) name: String,
    pub(crate) environment: BTreeMap<String, String>,
    /// In bytes; without one nobody is killed.
    pub(crate) memory_limit: Option<u64>,
    /// 0 is any free one.
    pub(crate) port: u16,
    pub(crate) pre_stop: Duration,
    pub(crate) grace: Duration,
}

/// One replica: a shop in a process of its own, which is watched, and restarted when it ends.
/// Clones are the same pod.
#[derive(Clone, Debug)]
pub(crate) struct Pod {
    pub(crate) name: Arc<str>,
    pub(crate) status: watch::Receiver<Status>,
    pub(crate) weight: Arc<Weight>,
    commands: mpsc::Sender<Command>,
}

/// How a pod is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Status {
    /// Where it listens, while it runs.
    pub(crate) address: Option<Address>,
    /// Whether it said so when it was asked last.
    pub(crate) ready: bool,
    /// Where the Service sends orders: it hears of everything a little later.
    pub(crate) endpoint: Option<Address>,
    pub(crate) restarts: u32,
    /// How the last shop in it ended, and how long a kubelet would wait after that.
    pub(crate) last: Option<(Ending, Duration)>,
    /// There is none any more, and why, if that is not as it should be.
    pub(crate) gone: Option<Result<(), String>>,
}

/// How a shop ended that was to go on.
#[derive(Clone, Debug)]
pub(crate) enum Ending {
    /// It had so many bytes, and was killed for it.
    PastLimit(u64),
    /// It was killed because somebody said so.
    Killed,
    /// It ended by itself.
    Exited(ExitStatus),
}

/// Resident memory in bytes.
#[derive(Debug, Default)]
pub(crate) struct Weight {
    now: AtomicU64,
    peak: AtomicU64,
}

impl Weight {
    pub(crate) fn now(&self) -> u64 {
        self.now.load(Ordering::Relaxed)
    }

    /// The highest since the last time this was asked.
    pub(crate) fn take_peak(&self) -> u64 {
        self.peak.swap(self.now(), Ordering::Relaxed)
    }

    /// It was weighed, and has so many now.
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

impl Pod {
    /// Starts a pod, as a task of `tasks`: when they are dropped, so is the process.
    pub(crate) fn start(recipe: Recipe, tasks: &mut JoinSet<()>) -> Self {
        let (status, seen) = watch::channel(Status::default());
        let (commands, given) = mpsc::channel(1);
        let weight = Arc::<Weight>::default();
        let name = recipe.name.as_str().into();
        let kubelet = Kubelet { recipe, status, weight: weight.clone(), commands: given };
        tasks.spawn(kubelet.run());
        Self { name, status: seen, weight, commands }
    }

    /// Kills the shop in it, as a crash would; it is restarted.
    pub(crate) async fn kill(&self) {
        let _ = self.commands.send(Command::Kill).await; // a pod that is gone is killed enough
    }

    /// Asks it to go in order: `preStop`, SIGTERM, and in the end SIGKILL.
    pub(crate) async fn terminate(&self) {
        let _ = self.commands.send(Command::Terminate).await;
    }

    /// Waits until the status is like this, or there will be none any more.
    pub(crate) async fn until(&self, like: impl FnMut(&Status) -> bool) -> Status {
        let mut status = self.status.clone();
        let seen = status.wait_for(like).await.map(|status| status.clone());
        seen.unwrap_or_else(|_| self.status.borrow().clone())
    }
}

/// Ends the pods that nobody holds any more, and waits until their processes are gone.
pub(crate) async fn close(pods: &mut JoinSet<()>) {
    let gone = async { while pods.join_next().await.is_some() {} };
    let _ = timeout(CLOSED, gone).await;
    pods.shutdown().await;
}

#[cfg(test)]
impl Pod {
    /// A pod as the Service sees it, and how to change what it sees.
    pub(crate) fn seen(name: &str, endpoint: Option<Address>) -> (Self, watch::Sender<Status>) {
        let (status, seen) = watch::channel(Status { endpoint, ..Status::default() });
        let (commands, _) = mpsc::channel(1);
        (Self { name: name.into(), status: seen, weight: Arc::default(), commands }, status)
    }
}
