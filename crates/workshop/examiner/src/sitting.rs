use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use coffee::{Durations, Keep, OrderLog, Shop, Timeline};
use tokio::runtime::Builder;
use tokio::time::timeout;

use crate::look::Look;
use crate::panics::{self, Panic};

/// Whoever is not done after a day of shop time never will be. On a paused clock a day is short,
/// and if nobody sleeps any more it is over at once: a deadlock is found in no time.
const A_DAY: Duration = Duration::from_secs(86_400);

/// What came of the attendee's code in one shop.
#[derive(Debug)]
pub(crate) struct Sitting<T> {
    pub(crate) timeline: Timeline,
    returned: Option<T>,
    panic: Option<Panic>,
}

/// What happens in the shop once the attendee's code has returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum After {
    /// It stays open until no order is, so that the log tells the whole story.
    Settle,
    /// It closes at once, and whatever was left running is dropped.
    Close,
}

/// Lets the attendee's code work in a shop of its own, on a paused clock and one thread.
pub(crate) fn sit<T>(
    durations: Durations,
    after: After,
    work: impl AsyncFnOnce(&Shop, &OrderLog) -> T,
) -> Sitting<T> {
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build();
    let runtime = runtime.expect("a runtime without I/O needs nothing that could be refused");
    let log = runtime.block_on(async { OrderLog::new(Keep::Everything) });
    let shop = Shop::with_log(durations, &log);
    panics::watch();
    let _ = panics::take();
    let sat = catch_unwind(AssertUnwindSafe(|| {
        runtime.block_on(async {
            let returned = timeout(A_DAY, work(&shop, &log)).await.ok();
            if returned.is_some() {
                log.answer();
            }
            if after == After::Settle {
                let _ = timeout(A_DAY, log.settled()).await;
            }
            returned
        })
    }));
    drop(runtime);
    Sitting { timeline: log.timeline(), returned: sat.ok().flatten(), panic: panics::take() }
}

impl<T> Sitting<T> {
    /// What the code returned; or, if it did not come that far, the sentence that says why.
    pub(crate) fn returned(&self) -> Result<&T, String> {
        if let Some(panic) = &self.panic {
            return Err(panic.sentence());
        }
        let look = Look::at(&self.timeline);
        match &self.returned {
            Some(returned) => Ok(returned),
            None if look.nothing_began() => Err("After a day of shop time your code still waits, \
                 and no action has begun: look for a wait that nobody ends"
                .to_owned()),
            None => Err(format!(
                "After a day of shop time your code still waits, and the last action ended at {}: \
                 look for a wait that nobody ends, such as a receiver whose sender is still alive",
                coffee::seconds(self.timeline.last_end())
            )),
        }
    }
}
