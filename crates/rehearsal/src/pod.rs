use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::kubelet::Kubelet;
use crate::spec::PodSpec;
use crate::status::{Command, ResidentMemory, Status};

/// How long a system may take to end killed processes, in wall time.
const CLOSED: Duration = Duration::from_secs(5);

/// One replica: a shop in a process of its own, which is watched, and restarted when it ends.
/// Clones are handles to the same pod.
#[derive(Clone, Debug)]
pub(crate) struct Pod {
    pub(crate) name: Arc<str>,
    pub(crate) status: watch::Receiver<Status>,
    pub(crate) memory: Arc<ResidentMemory>,
    commands: mpsc::Sender<Command>,
}

impl Pod {
    /// Starts a pod, as a task of `tasks`: when they are dropped, so is the process.
    pub(crate) fn start(spec: PodSpec, tasks: &mut JoinSet<()>) -> Self {
        let (status, seen) = watch::channel(Status::default());
        let (commands, given) = mpsc::channel(1);
        let memory = Arc::<ResidentMemory>::default();
        let name = spec.name.as_str().into();
        let kubelet = Kubelet { spec, status, memory: memory.clone(), commands: given };
        tasks.spawn(kubelet.run());
        Self { name, status: seen, memory, commands }
    }

    /// Kills the shop in it, as a crash would; it is restarted.
    pub(crate) async fn kill(&self) {
        let _ = self.commands.send(Command::Kill).await; // a pod that is gone is killed enough
    }

    /// Asks it to end in order: `preStop`, SIGTERM, and in the end SIGKILL.
    pub(crate) async fn terminate(&self) {
        let _ = self.commands.send(Command::Terminate).await;
    }

    /// Waits until the status is like this, or no longer changes. Cancel safe.
    pub(crate) async fn until(&self, like: impl FnMut(&Status) -> bool) -> Status {
        let mut status = self.status.clone();
        let seen = status.wait_for(like).await.map(|status| status.clone());
        seen.unwrap_or_else(|_| self.status.borrow().clone())
    }
}

/// Ends the pods without a handle, and waits until their processes are gone.
pub(crate) async fn close(pods: &mut JoinSet<()>) {
    let gone = async { while pods.join_next().await.is_some() {} };
    let _ = timeout(CLOSED, gone).await;
    pods.shutdown().await;
}

#[cfg(test)]
impl Pod {
    /// A pod as the Service sees it, and how to change what it sees.
    pub(crate) fn seen(
        name: &str,
        endpoint: Option<rush::Address>,
    ) -> (Self, watch::Sender<Status>) {
        let (status, seen) = watch::channel(Status { endpoint, ..Status::default() });
        let (commands, _) = mpsc::channel(1);
        (Self { name: name.into(), status: seen, memory: Arc::default(), commands }, status)
    }
}
