use std::time::Duration;

use tokio::time::sleep;

use crate::Admission;

/// How a server closes, phase by phase. The durations count by tokio's clock.
#[derive(Clone, Copy, Debug)]
pub struct Drain {
    /// How long it goes on as before, except that it is not ready: a cluster withdraws the address
    /// only after it has sent the signal.
    pub delay: Duration,
    /// How long it finishes what was admitted after that.
    pub grace: Duration,
}

impl Drain {
    /// Waits for `stop`, then closes: not ready at once, no new requests after the delay, done
    /// when nothing is in flight, the grace period is over, or with `insist`.
    ///
    /// Returns how many units are still in flight. They are about to be abandoned.
    pub async fn run(
        &self,
        admission: &Admission,
        stop: impl Future<Output = ()>,
        insist: impl Future<Output = ()>,
    ) -> u64 {
        stop.await;
        admission.withdraw();
        let tally = admission.tally();
        let in_order = async {
            tracing::info!(drain_delay = ?self.delay, "closing: not ready any more");
            sleep(self.delay).await;
            admission.close();
            let in_flight = tally.counts().in_flight;
            tracing::info!(in_flight, grace = ?self.grace, "closing: no new requests");
            tokio::select! {
                () = tally.nothing_in_flight() => {}
                () = sleep(self.grace) => {}
            }
        };
        tokio::select! {
            () = in_order => {}
            () = insist => {}
        }
        admission.close();
        tally.counts().in_flight
    }
}
