use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

/// A task that does nothing but be on time, in the place of all the customers who wait while
/// beans are ground. The longest gap between two beats is how long they stood still.
///
/// Dropping it ends the task.
#[derive(Debug)]
pub struct Heartbeat {
    stop: oneshot::Sender<()>,
    /// A set of one, because a set aborts what it holds when it is dropped.
    heart: JoinSet<Duration>,
}

impl Heartbeat {
    /// Starts a task that beats every so often, in wall time, on the runtime that is current.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime there is nowhere to spawn.
    #[must_use]
    pub fn start(every: Duration) -> Self {
        let (stop, stopped) = oneshot::channel();
        let mut heart = JoinSet::new();
        heart.spawn(beat(every, stopped));
        Self { stop, heart }
    }

    /// Stops the heart and gives the longest gap between two beats, in wall time. On an
    /// idle worker it is a little more than the time between two beats.
    pub async fn longest_gap(mut self) -> Duration {
        let _ = self.stop.send(());
        match self.heart.join_next().await {
            Some(Ok(longest)) => longest,
            _ => Duration::MAX, // the runtime is gone, and no heart beats any more
        }
    }
}

async fn beat(every: Duration, mut stopped: oneshot::Receiver<()>) -> Duration {
    let (mut last, mut longest) = (Instant::now(), Duration::ZERO);
    loop {
        let done = timeout(every, &mut stopped).await.is_ok();
        let now = Instant::now();
        longest = longest.max(now - last);
        last = now;
        if done {
            return longest;
        }
    }
}
