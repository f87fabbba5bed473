use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use tokio::time::Instant;

/// Nothing in these tests takes this long, on any machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// Looks every 20 ms until something is found; panics after [`PATIENCE`].
pub(crate) fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(began.elapsed() < PATIENCE, "waited too long for {what}");
        pause(Duration::from_millis(20));
    }
}

/// Runs `other` on a thread of its own until `meanwhile` has ended, which it is told by the flag.
pub(crate) fn beside<O: Send, T>(
    other: impl FnOnce(&AtomicBool) -> O + Send,
    meanwhile: impl FnOnce() -> T,
) -> (O, T) {
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let other = scope.spawn(|| other(&over));
        let guard = SetOnDrop(&over);
        let done = meanwhile();
        drop(guard);
        (other.join().expect("no panic"), done)
    })
}

/// A test that panics must not wait for a thread that never hears of it.
struct SetOnDrop<'a>(&'a AtomicBool);

impl Drop for SetOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[expect(clippy::disallowed_methods, reason = "no executor here: this waits for other processes")]
pub(crate) fn pause(duration: Duration) {
    thread::sleep(duration);
}
