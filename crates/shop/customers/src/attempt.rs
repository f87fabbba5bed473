use std::time::Duration;

use rush::{Answer, Client, Failure};
use tokio::time::{Instant, sleep, timeout};

use crate::orders::{is_bad_gateway, is_of_a_shop, order};

/// How often a shop that died is asked whether it is back, in wall time.
const AGAIN: Duration = Duration::from_millis(50);
/// What it is asked: an order for no customer, which every shop refuses with 400, also behind a
/// proxy that lets nothing but orders through, and which brews nothing.
const NO_CUSTOMER: u32 = 0;
/// How long each such question may take, in wall time.
const QUESTION: Duration = Duration::from_secs(2);

/// One order of a ladder, and how it ended.
#[derive(Debug)]
pub struct Attempt {
    /// How many customers the order was for.
    pub customers: u32,
    /// How it ended.
    pub end: Result<Answer, Failure>,
    /// How long that took, in wall time.
    pub took: Duration,
}

impl Attempt {
    /// Whether the shop died of the order, as far as a client can see: the connection ended
    /// without an answer, or a proxy lost the shop behind it.
    #[must_use]
    pub fn died(&self) -> bool {
        match &self.end {
            Ok(answer) => is_bad_gateway(answer),
            Err(failure) => matches!(failure, Failure::Died),
        }
    }
}

/// Orders coffee for so many customers. Cancel safe: dropped, it hangs up.
pub async fn attempt(client: &Client, customers: u32) -> Attempt {
    let began = Instant::now();
    let end = client.send(order(customers)).await;
    Attempt { customers, end, took: began.elapsed() }
}

/// Asks a shop that died until it answers again, for at most `within` (wall time). Returns how
/// long that took, or `None` if it did not come back. Cancel safe.
pub async fn recovered(client: &Client, within: Duration) -> Option<Duration> {
    let began = Instant::now();
    let question = Client::new(client.address().clone(), QUESTION);
    let answers = async {
        loop {
            match question.send(order(NO_CUSTOMER)).await {
                Ok(answer) if is_of_a_shop(&answer) && !answer.status.is_server_error() => return,
                _ => sleep(AGAIN).await,
            }
        }
    };
    timeout(within, answers).await.ok().map(|()| began.elapsed())
}
