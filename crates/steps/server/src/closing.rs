use std::time::Duration;

use tokio::time::sleep;

use crate::front::Front;

/// How the shop closes, in shop time.
#[derive(Clone, Copy, Debug)]
pub struct Closing {
    /// How long it goes on as if nothing had happened, except that `/readyz` fails: a cluster
    /// withdraws the address only after it has sent the signal.
    pub drain_delay: Duration,
    /// How long it finishes what was admitted after that.
    pub grace: Duration,
}

impl Closing {
    /// Waits for `stop`, then closes the front: not ready at once, no new orders after the drain
    /// delay, done when the last order is, the grace period is over, or with `insist`.
    ///
    /// Returns how many customers are being served still. They are about to be abandoned.
    pub async fn close(
        &self,
        front: &Front,
        stop: impl Future<Output = ()>,
        insist: impl Future<Output = ()>,
    ) -> u64 {
        stop.await;
        front.withdraw();
        let books = front.admission().books();
        let in_order = async {
            tracing::info!(drain_delay = ?self.drain_delay, "closing: not ready any more");
            sleep(self.drain_delay).await;
            front.admission().close();
            let in_flight = books.count().in_flight;
            tracing::info!(in_flight, grace = ?self.grace, "closing: no new orders");
            tokio::select! {
                () = books.nobody_in_flight() => {}
                () = sleep(self.grace) => {}
            }
        };
        tokio::select! {
            () = in_order => {}
            () = insist => {}
        }
        front.admission().close();
        books.count().in_flight
    }
}
