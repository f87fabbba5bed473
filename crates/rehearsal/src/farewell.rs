use std::future::pending;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::pod::Recipe;

/// How long it takes until the Service hears that a pod is dead or is to go, in real time. In a
/// cluster it takes longer, and that is what `preStop` is for.
pub(crate) const HEARD: Duration = Duration::from_millis(250);

/// What is still to happen to a pod that is to go, and when: at the times of the manifest.
pub(crate) struct Farewell {
    /// Nobody is sent to it any more.
    withdrawn: Option<Instant>,
    /// SIGTERM.
    signal: Option<Instant>,
    /// SIGKILL.
    kill: Instant,
}

/// One thing of those.
pub(crate) enum Parting {
    Withdrawn,
    Signal,
    Kill,
}

impl Farewell {
    pub(crate) fn begin(recipe: &Recipe) -> Self {
        let now = Instant::now();
        let (withdrawn, signal) = (Some(now + HEARD), Some(now + recipe.pre_stop));
        Self { withdrawn, signal, kill: now + recipe.grace }
    }

    /// Done when the next thing is to happen. Cancel safe.
    async fn next(&mut self) -> Parting {
        let Self { withdrawn, signal, kill } = self;
        let far = |time: &Option<Instant>| time.unwrap_or(*kill);
        if far(withdrawn) < *kill && far(withdrawn) <= far(signal) {
            sleep_until(far(withdrawn)).await;
            *withdrawn = None;
            return Parting::Withdrawn;
        }
        if far(signal) < *kill {
            sleep_until(far(signal)).await;
            *signal = None;
            return Parting::Signal;
        }
        sleep_until(*kill).await;
        Parting::Kill
    }

    /// Whether it got SIGTERM.
    pub(crate) fn signalled(&self) -> bool {
        self.signal.is_none()
    }

    /// What is next, if there is a farewell at all.
    pub(crate) async fn of(farewell: &mut Option<Self>) -> Parting {
        match farewell {
            Some(farewell) => farewell.next().await,
            None => pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// The order of the partings, each with the seconds since the beginning.
    async fn partings(pre_stop: Duration, grace: Duration) -> Vec<(&'static str, f64)> {
        let (name, environment) = (String::new(), BTreeMap::new());
        let recipe = Recipe { name, environment, memory_limit: None, port: 0, pre_stop, grace };
        let began = Instant::now();
        let mut farewell = Some(Farewell::begin(&recipe));
        let mut partings = Vec::new();
        loop {
            let name = match Farewell::of(&mut farewell).await {
                Parting::Withdrawn => "withdrawn",
                Parting::Signal => "signal",
                Parting::Kill => "kill",
            };
            partings.push((name, began.elapsed().as_secs_f64()));
            if name == "kill" {
                return partings;
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_pod_is_withdrawn_signalled_and_killed_when_the_manifest_says() {
        let [five, long] = [5, 35].map(Duration::from_secs);
        let usual = [("withdrawn", 0.25), ("signal", 5.0), ("kill", 35.0)];
        assert_eq!(partings(five, long).await, usual);
        let hasty = [("signal", 0.0), ("withdrawn", 0.25), ("kill", 35.0)];
        assert_eq!(partings(Duration::ZERO, long).await, hasty);
        assert_eq!(partings(long, five).await, [("withdrawn", 0.25), ("kill", 5.0)]);
    }
}
