use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use crate::answer::Answer;
use crate::client::Client;
use crate::failure::Failure;

/// How often a dead shop is asked whether it is back, in real time.
const AGAIN: Duration = Duration::from_millis(50);
/// What it is asked: an order for nobody, which every shop refuses with 400, also behind a proxy that
/// lets nothing but orders through, and which brews nothing.
const NOBODY: u32 = 0;
/// How long each such question may take, in real time.
const QUESTION: Duration = Duration::from_secs(2);

/// One order of a ladder.
#[derive(Debug)]
pub struct Rung {
    /// How many customers it was for.
    pub customers: u32,
    /// How it ended.
    pub end: Result<Answer, Failure>,
    /// How long that took, in real time.
    pub took: Duration,
}

impl Rung {
    /// Whether the shop died of it, as far as one can see from outside: the connection ended
    /// without an answer, or a proxy lost the shop behind it.
    #[must_use]
    pub fn died(&self) -> bool {
        match &self.end {
            Ok(answer) => answer.is_lost_behind_a_proxy(),
            Err(failure) => matches!(failure, Failure::Died),
        }
    }
}

/// Orders coffee for so many customers. Cancel safe: dropped, it hangs up.
pub async fn rung(client: &Client, customers: u32) -> Rung {
    let began = Instant::now();
    let end = client.order(customers).await;
    Rung { customers, end, took: began.elapsed() }
}

/// Asks a shop that died until it answers again, for at most `within` (real time). Returns how
/// long that took, or `None` if it did not come back. Cancel safe.
pub async fn back(client: &Client, within: Duration) -> Option<Duration> {
    let began = Instant::now();
    let question = Client::new(client.address().clone(), QUESTION);
    let answers = async {
        loop {
            match question.order(NOBODY).await {
                Ok(answer) if answer.is_of_a_shop() && !answer.status.is_server_error() => return,
                _ => sleep(AGAIN).await,
            }
        }
    };
    timeout(within, answers).await.ok().map(|()| began.elapsed())
}
