use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::answer::Answer;
use crate::client::{Client, Connection};
use crate::failure::Failure;
use crate::tally::Tally;

/// Descriptors that are not connections: the standard ones, the runtime's, and a few to spare.
const OTHER_DESCRIPTORS: u64 = 32;
/// How long a client who was not served waits before the next attempt, in real time: without it,
/// a closed door or a full shop would use up all requests in an instant.
const PAUSE: Duration = Duration::from_millis(20);
/// How many ends wait to be counted.
const UNCOUNTED: usize = 1_024;

/// Many requests at once.
#[derive(Clone, Copy, Debug)]
pub struct Crowd {
    /// How many requests.
    pub requests: u64,
    /// How many of them at the same time.
    pub concurrency: u32,
    /// How many customers each of them brings.
    pub customers: u32,
}

impl Crowd {
    /// Sends all requests, and counts how each one ended; `counted` is told the number so far.
    /// Returns early with the first answer if that is not of a shop; whatever comes later is
    /// counted. Cancel safe: dropped, it hangs up, and the tally has what ended until then.
    pub async fn rush(
        &self,
        client: &Client,
        tally: &mut Tally,
        mut counted: impl FnMut(u64),
    ) -> Option<Answer> {
        let (told, mut ends) = mpsc::channel(UNCOUNTED);
        let taken = Arc::new(AtomicU64::new(0));
        let mut clients = JoinSet::new();
        for _ in 0..u64::from(self.concurrency).min(self.requests) {
            clients.spawn(one_after_another(*self, client.clone(), taken.clone(), told.clone()));
        }
        drop(told); // or the last end would be waited for
        let mut is_a_shop = false;
        while let Some(end) = ends.recv().await {
            match end {
                Ok(answer) if !is_a_shop && !answer.is_of_a_shop() => return Some(answer),
                end => {
                    is_a_shop |= end.is_ok();
                    tally.count(self.customers, &end);
                }
            }
            counted(tally.requests());
        }
        None
    }
}

type End = Result<Answer, Failure>;

/// One client: orders, waits for the answer, orders again, until all requests are taken.
async fn one_after_another(
    crowd: Crowd,
    client: Client,
    taken: Arc<AtomicU64>,
    told: mpsc::Sender<End>,
) {
    let mut connection = None;
    while taken.fetch_add(1, Ordering::Relaxed) < crowd.requests {
        let end = order(&client, &mut connection, crowd.customers).await;
        let pause = !end.as_ref().is_ok_and(Answer::is_coffee);
        if told.send(end).await.is_err() {
            return; // nobody counts any more
        }
        if pause {
            sleep(PAUSE).await;
        }
    }
}

/// Orders on the connection that there is, or on a new one, and keeps it if it stays open.
async fn order(client: &Client, kept: &mut Option<Connection>, customers: u32) -> End {
    let kept_open = kept.take();
    let asked = async {
        let mut connection = match kept_open {
            Some(connection) => connection,
            None => client.connect().await?,
        };
        let answer = connection.order(customers).await?;
        Ok((connection, answer))
    };
    let (mut connection, answer) = client.in_time(asked).await?;
    if connection.stays_open().await {
        *kept = Some(connection);
    }
    Ok(answer)
}

/// Raises the limit of open files as far as this process may, and returns how many connections
/// that allows.
#[must_use]
pub fn descriptors() -> u64 {
    let most = rlimit::increase_nofile_limit(u64::MAX).unwrap_or(u64::MAX);
    most.saturating_sub(OTHER_DESCRIPTORS)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use tokio::net::{TcpListener, TcpSocket, TcpStream};
    use tokio::time::timeout;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// Fills the queue of a listener, so that the next connection takes a second.
    async fn full() -> (TcpListener, Vec<TcpStream>) {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind(([127, 0, 0, 1], 0).into()).expect("a free port");
        let listener = socket.listen(1).expect("it listens");
        let address = listener.local_addr().expect("an address");
        let mut queue = Vec::new();
        while let Ok(stream) = timeout(SECOND / 5, TcpStream::connect(address)).await {
            queue.push(stream.expect("it waits in the queue"));
        }
        (listener, queue)
    }

    #[tokio::test]
    async fn the_connection_and_the_answer_have_one_timeout_together() {
        let (listener, _queue) = full().await;
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let client = Client::new(address.parse().expect("a URL"), 2 * SECOND);
        let mut let_in = JoinSet::new();
        let_in.spawn(async move {
            sleep(SECOND / 5).await;
            let mut guests = Vec::new();
            while let Ok(guest) = listener.accept().await {
                guests.push(guest); // whom nobody answers
            }
        });
        let mut kept = None;
        let end = timeout(5 * SECOND / 2, order(&client, &mut kept, 3)).await;
        assert!(matches!(end, Ok(Err(Failure::TimedOut(_)))), "{end:?}");
    }
}
