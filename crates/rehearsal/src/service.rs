use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use customers::order;
use parking_lot::Mutex;
use rush::{Address, Answer, Client, Failure};
use tokio::time::{Instant, sleep};

use crate::pod::Pod;

/// How long an order waits for a replica that is ready, in wall time.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long it waits before it looks again, in wall time.
const AGAIN: Duration = Duration::from_millis(20);

/// One address for all replicas that are ready: each takes its turn. An order that no replica has
/// accepted is sent to the next one; an order that one has accepted is not sent twice, because
/// the client cannot know how far it got.
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
    /// Every answer is waited for for at most `timeout`, in wall time.
    pub(crate) fn new(pods: Vec<Pod>, timeout: Duration) -> Self {
        Self { pods: Mutex::new(pods), turn: AtomicUsize::new(0), timeout }
    }

    /// Adds a replica.
    pub(crate) fn add(&self, pod: Pod) {
        self.pods.lock().push(pod);
    }

    /// The replica whose turn it is, of those that are ready.
    fn next(&self) -> Option<(Arc<str>, Address)> {
        let pods = self.pods.lock();
        let ready = |pod: &Pod| {
            let address = pod.status.borrow().endpoint.clone()?;
            Some((pod.name.clone(), address))
        };
        let ready: Vec<_> = pods.iter().filter_map(ready).collect();
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        ready.get(turn.checked_rem(ready.len())?).cloned()
    }

    /// Has one of the replicas serve an order. Cancel safe: dropped, it hangs up.
    pub(crate) async fn order(&self, customers: u32) -> Served {
        let began = Instant::now();
        let mut retries = 0;
        loop {
            if let Some((name, address)) = self.next() {
                match Client::new(address, self.timeout).connect().await {
                    Ok(mut connection) => {
                        let end = connection.send(order(customers)).await;
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

#[cfg(test)]
mod tests {
    use customers::is_coffee;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;
    use tokio::task::JoinSet;

    use super::*;

    const SERVED: &[u8] = b"HTTP/1.1 200 OK\r\nCoffee-Shop: step 6\r\nContent-Length: 0\r\n\r\n";

    /// A shop that answers every order with these bytes and hangs up.
    async fn shop(answer: &'static [u8], tasks: &mut JoinSet<()>) -> Address {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        tasks.spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.expect("a client");
                let read = stream.read(&mut [0; 1024]).await;
                assert!(read.is_ok_and(|read| read > 0));
                stream.write_all(answer).await.expect("it reads");
            }
        });
        Address::local(port)
    }

    /// An address at which nothing listens.
    async fn closed() -> Address {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        Address::local(listener.local_addr().expect("an address").port())
    }

    const ANSWER: Duration = Duration::from_secs(20);

    #[tokio::test]
    async fn the_replicas_that_are_ready_take_turns() {
        let mut tasks = JoinSet::new();
        let (one, _one) = Pod::seen("one", Some(shop(SERVED, &mut tasks).await));
        let (two, two_is) = Pod::seen("two", None);
        let service = Service::new(vec![one, two], ANSWER);
        for _ in 0..4 {
            let served = service.order(3).await;
            assert_eq!((served.by.as_deref(), served.retries), (Some("one"), 0));
            assert!(served.end.is_ok_and(|answer| is_coffee(&answer)));
        }
        let endpoint = Some(shop(SERVED, &mut tasks).await);
        two_is.send_modify(|status| status.endpoint = endpoint);
        let mut by = Vec::new();
        for _ in 0..4 {
            by.push(service.order(3).await.by.expect("a replica"));
        }
        by.sort();
        assert_eq!(by, ["one", "one", "two", "two"].map(Arc::from));
    }

    #[tokio::test]
    async fn a_refused_connection_is_sent_elsewhere_and_an_accepted_order_is_not() {
        let mut tasks = JoinSet::new();
        let (gone, _gone) = Pod::seen("gone", Some(closed().await));
        let (well, _well) = Pod::seen("well", Some(shop(SERVED, &mut tasks).await));
        let service = Service::new(vec![gone, well], ANSWER);
        let mut retries = 0;
        for _ in 0..4 {
            let served = service.order(3).await;
            assert!(served.end.is_ok() && served.by.as_deref() == Some("well"));
            retries += served.retries;
        }
        assert!(retries >= 1, "it was its turn");

        let (dies, _dies) = Pod::seen("dies", Some(shop(b"", &mut tasks).await));
        let service = Service::new(vec![dies], ANSWER);
        let lost = service.order(3).await;
        assert_eq!((lost.by.as_deref(), lost.retries), (Some("dies"), 0));
        assert!(matches!(lost.end, Err(Failure::Died)), "{:?}", lost.end);
    }

    #[tokio::test(start_paused = true)]
    async fn an_order_that_no_replica_takes_ends() {
        let (starting, _status) = Pod::seen("starting", None);
        let began = Instant::now();
        let served = Service::new(vec![starting], ANSWER).order(3).await;
        assert!(served.by.is_none() && matches!(served.end, Err(Failure::Refused)));
        assert!(began.elapsed() <= PATIENCE + 2 * AGAIN);
    }
}
