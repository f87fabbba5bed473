use std::env;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use coffee::{Keep, OrderLog, Shop, Timeline};
use tokio::runtime::Builder;
use tokio::time::timeout;

use crate::look::Look;
use crate::panics::{self, Panic};
use crate::shops::Pace;

/// Code that still waits after a day of shop time waits for ever. On a paused clock a day is short,
/// and if no timer is left it is over at once: a deadlock is found in no time.
const A_DAY: Duration = Duration::from_secs(86_400);
/// Wall time. A sitting takes milliseconds, because all its waiting is on the paused clock.
const BLOCKED: Duration = Duration::from_millis(100);
/// How often the code may look at the clock for each record in the log, and how often besides.
const PARKS: (u64, u64) = (4, 100);

/// What came of the attendee's code in one shop.
#[derive(Debug)]
pub(crate) struct Sitting<T> {
    pub(crate) timeline: Timeline,
    /// Counted from 1; the attendee's output has it beside what was printed in this shop.
    pub(crate) number: u32,
    returned: Option<T>,
    panic: Option<Panic>,
    /// Wall time.
    took: Duration,
    /// How often the runtime had nothing to do but to move the clock.
    parks: u64,
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
    pace: Pace,
    after: After,
    work: impl AsyncFnOnce(&Shop, &OrderLog) -> T,
) -> Sitting<T> {
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build();
    let runtime = runtime.expect("a runtime without I/O needs nothing that could be refused");
    let log = runtime.block_on(async { OrderLog::new(Keep::Everything) });
    let shop = pace.open(&log);
    panics::watch();
    let _ = panics::take();
    let number = next_number();
    mark(number);
    let began = now();
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
    let took = now() - began;
    mark(0);
    let parks = runtime.metrics().worker_park_count(0);
    drop(runtime);
    let (timeline, panic) = (log.timeline(), panics::take());
    Sitting { timeline, number, returned: sat.ok().flatten(), panic, took, parks }
}

/// The same once more while real time passes in it: a busy machine may hold up an honest answer, but
/// hardly each time. Gives the last.
pub(crate) fn unhurried<T>(sit: impl Fn() -> Sitting<T>) -> Sitting<T> {
    const TRIES: usize = 5;
    let mut sitting = sit();
    for _ in 1..TRIES {
        if !sitting.is_blocked() || sitting.panic.is_some() {
            break;
        }
        sitting = sit();
    }
    sitting
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
                 and no action has begun: look for a wait that nothing ends"
                .to_owned()),
            None => Err(format!(
                "After a day of shop time your code still waits, and the last action ended at {}: \
                 look for a wait that nothing ends, such as a receiver whose sender is still alive, or a \
                 permit that is never given back",
                coffee::seconds(self.timeline.last_end())
            )),
        }
    }

    /// The code waits until it is woken; else the sentence that says that it keeps looking.
    pub(crate) fn is_woken(&self) -> Result<(), String> {
        let records = self.timeline.records().len() as u64;
        let (for_each, besides) = PARKS;
        if self.parks <= for_each * records + besides {
            return Ok(());
        }
        Err(format!(
            "Your code woke up {} times for {records} actions: it looks again and again whether \
             something has happened. Await it, and the runtime wakes you when it has",
            self.parks
        ))
    }

    /// The code leaves the thread to others while it waits; else the sentence that says for how long
    /// it did not.
    pub(crate) fn blocks_no_thread(&self) -> Result<(), String> {
        if !self.is_blocked() {
            return Ok(());
        }
        Err(format!(
            "The shop's clock is paused, and yet your code took {} ms of real time: it blocks the \
             thread, so that no other task runs meanwhile. Look for std::thread::sleep, or for work \
             without an await",
            self.took.as_millis()
        ))
    }

    fn is_blocked(&self) -> bool {
        self.took > BLOCKED
    }
}

fn next_number() -> u32 {
    static SAT: AtomicU32 = AtomicU32::new(0);
    SAT.fetch_add(1, Ordering::Relaxed) + 1
}

/// Says in the attendee's output where the shop with this number begins, for the runner; 0 is no
/// shop.
pub(crate) fn mark(number: u32) {
    if env::var_os(verdict::REPORT).is_some() {
        let mark = format!("{}{number}{}", verdict::MARK, verdict::END_OF_MARK);
        // The runner is gone if this fails, and then so is this process.
        let _ = write!(io::stdout(), "{mark}").and_then(|()| write!(io::stderr(), "{mark}"));
    }
}

#[expect(clippy::disallowed_methods, reason = "what a paused clock does not see is looked for")]
fn now() -> Instant {
    Instant::now()
}
