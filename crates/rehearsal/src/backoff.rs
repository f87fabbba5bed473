use std::time::Duration;

/// How many times faster than a kubelet the rehearsal restarts.
pub(crate) const SCALE: u32 = 10;

/// When a kubelet restarts a container that ended: the first time at once, then after 10 s, 20 s,
/// 40 s and so on, at most 5 minutes; from the beginning again once it ran for 10 minutes. (The
/// documentation of Kubernetes calls waiting for this `CrashLoopBackOff`.)
#[derive(Clone, Copy, Debug, Default)]
pub struct BackOff {
    next: Duration,
}

const FIRST: Duration = Duration::from_secs(10);
const LONGEST: Duration = Duration::from_secs(300);
const FORGOTTEN: Duration = Duration::from_secs(600);

impl BackOff {
    /// How long a kubelet waits before it restarts a container that ran for so long.
    pub fn wait(&mut self, ran: Duration) -> Duration {
        if ran >= FORGOTTEN {
            self.next = Duration::ZERO;
        }
        let wait = self.next;
        self.next = (2 * wait).clamp(FIRST, LONGEST);
        wait
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_restart_comes_at_once_and_each_one_after_twice_the_wait() {
        let mut backoff = BackOff::default();
        let waits: Vec<_> =
            (0..8).map(|_| backoff.wait(Duration::from_secs(1)).as_secs()).collect();
        assert_eq!(waits, [0, 10, 20, 40, 80, 160, 300, 300]);
        assert_eq!(backoff.wait(FORGOTTEN), Duration::ZERO);
        assert_eq!(backoff.wait(Duration::ZERO), FIRST);
    }
}
