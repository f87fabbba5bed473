use std::time::{Duration, Instant};

use coffee::seconds;

/// The time outside a shop whose clock is paused. There all waiting takes no time, so what passes
/// is work, or a thread that is blocked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RealTime(Instant);

/// What a machine that is busy with something else may need for nothing.
const NOISE: Duration = Duration::from_millis(500);
/// What a busy machine may need for one customer, in a debug build.
const PER_CUSTOMER: Duration = Duration::from_micros(300);

impl RealTime {
    #[expect(clippy::disallowed_methods, reason = "the other clock is paused; this one is not")]
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    /// Set if more time has passed than so many customers can need.
    pub(crate) fn passed(self, customers: u32) -> Option<String> {
        let passed = self.0.elapsed();
        (passed > NOISE + PER_CUSTOMER * customers).then(|| {
            format!(
                "{} of real time passed although the clock is paused, so something blocked the \
                 thread: std::thread::sleep, most likely, or a loop that computes. A task that \
                 waits has to await, as tokio::time::sleep does.",
                seconds(passed)
            )
        })
    }
}
