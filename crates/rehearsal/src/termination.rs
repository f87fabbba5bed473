use std::future::pending;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::spec::PodSpec;

/// How long it takes until the Service learns that a pod is dead or ends, in wall time. In a
/// cluster it takes longer, and that is what `preStop` is for.
pub(crate) const ENDPOINT_DELAY: Duration = Duration::from_millis(250);

/// The phases of a pod's end that are still to come, and when: at the times of the manifest.
pub(crate) struct Termination {
    withdrawn: Option<Instant>,
    signal: Option<Instant>,
    kill: Instant,
}

/// A phase of a pod's end.
pub(crate) enum Phase {
    /// The Service sends it no more orders.
    Withdrawn,
    /// SIGTERM.
    Signal,
    /// SIGKILL.
    Kill,
}

impl Termination {
    pub(crate) fn begin(spec: &PodSpec) -> Self {
        let now = Instant::now();
        let (withdrawn, signal) = (Some(now + ENDPOINT_DELAY), Some(now + spec.pre_stop));
        Self { withdrawn, signal, kill: now + spec.grace }
    }

    /// Done when the next phase begins. Cancel safe.
    async fn next(&mut self) -> Phase {
        let Self { withdrawn, signal, kill } = self;
        let far = |time: &Option<Instant>| time.unwrap_or(*kill);
        if far(withdrawn) < *kill && far(withdrawn) <= far(signal) {
            sleep_until(far(withdrawn)).await;
            *withdrawn = None;
            return Phase::Withdrawn;
        }
        if far(signal) < *kill {
            sleep_until(far(signal)).await;
            *signal = None;
            return Phase::Signal;
        }
        sleep_until(*kill).await;
        Phase::Kill
    }

    /// Whether it got SIGTERM.
    pub(crate) fn signalled(&self) -> bool {
        self.signal.is_none()
    }

    /// Done when the next phase begins, if the pod is ending at all. Cancel safe.
    pub(crate) async fn phase(termination: &mut Option<Self>) -> Phase {
        match termination {
            Some(termination) => termination.next().await,
            None => pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The phases in their order, each with the seconds since the beginning.
    async fn phases(pre_stop: Duration, grace: Duration) -> Vec<(&'static str, f64)> {
        let spec = PodSpec { pre_stop, grace, ..PodSpec::default() };
        let began = Instant::now();
        let mut termination = Some(Termination::begin(&spec));
        let mut phases = Vec::new();
        loop {
            let name = match Termination::phase(&mut termination).await {
                Phase::Withdrawn => "withdrawn",
                Phase::Signal => "signal",
                Phase::Kill => "kill",
            };
            phases.push((name, began.elapsed().as_secs_f64()));
            if name == "kill" {
                return phases;
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_pod_is_withdrawn_signalled_and_killed_when_the_manifest_says() {
        let [five, long] = [5, 35].map(Duration::from_secs);
        let usual = [("withdrawn", 0.25), ("signal", 5.0), ("kill", 35.0)];
        assert_eq!(phases(five, long).await, usual);
        let hasty = [("signal", 0.0), ("withdrawn", 0.25), ("kill", 35.0)];
        assert_eq!(phases(Duration::ZERO, long).await, hasty);
        assert_eq!(phases(long, five).await, [("withdrawn", 0.25), ("kill", 5.0)]);
    }
}
