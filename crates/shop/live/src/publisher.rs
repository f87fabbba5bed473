use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, watch};
use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::board::Board;

/// Between two frames: the eye sees it move, and a frame of many customers is some kilobytes.
const FRAME: Duration = Duration::from_millis(50);
/// While a run goes on, a frame is sent this often even if nothing happens, so that clocks agree.
const HEARTBEAT: Duration = Duration::from_secs(1);

/// Makes frames of what happens and sends them to every event stream. Dropping it, or the future of
/// [`run`](Self::run), ends all streams: so a shop that closes drops it first, and then no browser
/// keeps the shop open.
#[derive(Debug)]
#[must_use = "without a publisher the page does not move"]
pub struct Publisher {
    board: Arc<Board>,
    /// Holds one frame, the newest; sending one never waits for a viewer.
    frames: watch::Sender<Arc<str>>,
    viewer_permits: Arc<Semaphore>,
    max_viewers: usize,
}

impl Publisher {
    pub(crate) fn new(
        board: Arc<Board>,
        viewer_permits: Arc<Semaphore>,
        max_viewers: usize,
    ) -> (Self, watch::Receiver<Arc<str>>) {
        let (frames, newest) = watch::channel(board.frame());
        (Self { board, frames, viewer_permits, max_viewers }, newest)
    }

    /// Publishes for as long as it is polled, and never ends by itself. It sleeps while no run goes
    /// on, and while no page is open. Cancel safe.
    pub async fn run(self) {
        let mut ticks = interval(FRAME);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut published = Instant::now();
        loop {
            if self.is_unwatched() || !self.board.is_active() {
                self.board.changed().await;
            }
            if self.is_unwatched() {
                continue; // not even a tick: where a hundredth of a core is all there is, it counts
            }
            ticks.tick().await;
            self.board.sample();
            if self.board.take_changed() || published.elapsed() >= HEARTBEAT {
                self.frames.send_replace(self.board.frame());
                published = Instant::now();
            }
        }
    }

    /// A new viewer is sent the board's own frame first, and wakes the publisher.
    fn is_unwatched(&self) -> bool {
        self.viewer_permits.available_permits() == self.max_viewers
    }
}
