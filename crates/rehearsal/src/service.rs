use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rush::{Address, Answer, Client, Failure};
use tokio::time::{Instant, sleep};

use crate::pod::Pod;

/// How long an order waits for a replica that is ready, in real time.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long it waits before it looks again, in real time.
const AGAIN: Duration = Duration::from_millis(20);

/// One address for all replicas that are ready: each takes its turn. An order that no replica has
/// accepted is sent to the next one; an order that one has accepted is not sent twice, because
/// nobody knows how far it got.
#[derive(Debug)]
pub(crate) struct Service {
    pods: Mutex<Vec<Pod>>,
    turn: AtomicUsize,
    timeout: Duration,
}

/// What became of one order.
#[derive(Debug)]
pub(crate) struct Served {
    /// The replica that accepted it.
    pub(crate) by: Option<Arc<str>>,
    /// How many replicas refused the connection before.
    pub(crate) retries: u64,
    pub(crate) end: Result<Answer, Failure>,
}

impl Service {
    /// Every answer is waited for for at most `timeout`, in real time.
    pub(crate) fn new(pods: Vec<Pod>, timeout: Duration) -> Self {
        Self { pods: Mutex::new(pods), turn: AtomicUsize::new(0), timeout }
    }

    /// One more replica.
    pub(crate) fn add(&self, pod: Pod) {
        self.pods.lock().unwrap_or_else(PoisonError::into_inner).push(pod);
    }

    /// The replica whose turn it is, of those that are ready.
    fn next(&self) -> Option<(Arc<str>, Address)> {
        let pods = self.pods.lock().unwrap_or_else(PoisonError::into_inner);
        let ready = |pod: &Pod| {
            let address = pod.status.borrow().endpoint.clone()?;
            Some((pod.name.clone(), address))
        };
        let ready: Vec<_> = pods.iter().filter_map(ready).collect();
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        ready.get(turn.checked_rem(ready.len())?).cloned()
    }

    /// Has an order served by one of the replicas. Cancel safe: dropped, it hangs up.
    pub(crate) async fn order(&self, customers: u32) -> Served {
        let began = Instant::now();
        let mut retries = 0;
        loop {
            if let Some((name, address)) = self.next() {
                match Client::new(address, self.timeout).connect().await {
                    Ok(mut connection) => {
                        let end = connection.order(customers).await;
                        return Served { by: Some(name), retries, end };
                    }
                    Err(Failure::Refused) => retries += 1,
                    Err(end) => return Served { by: None, retries, end: Err(end) },
                }
            }
            if began.elapsed() > PATIENCE {
                return Served { by: None, retries, end: Err(Failure::Refused) };
            }
            sleep(AGAIN).await;
        }
    }
}
