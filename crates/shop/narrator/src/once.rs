use std::thread;
use std::time::Duration;

use coffee::{Keep, OrderLog, Panel, Shop, draw_svg};
use program::{End, Interrupt};
use tokio::runtime::{Builder, Runtime};
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::sleep;

use crate::error::Error;
use crate::flags::Flags;
use crate::narrator::Narrator;
use crate::picture::Picture;
use crate::visit::Visit;

/// How long a runtime may take to drop what is left in it, in real time.
pub const SHUTDOWN_WAIT: Duration = Duration::from_secs(1);

/// Serves the customers once, without a server, and says what there was to see.
///
/// It ends when the last coffee is out, at Ctrl-C, or when the output is closed.
///
/// # Errors
///
/// If the step panics, or the operating system refuses threads, the output or the picture.
pub fn serve_once<F>(
    narrator: &Narrator,
    flags: &Flags,
    customers: u32,
    serve: impl FnOnce(Shop, u32) -> F,
) -> Result<End, Error>
where
    F: Future<Output = ()> + Send + 'static,
{
    let picture = flags.svg.as_deref().map(Picture::claim).transpose()?;
    let interrupt = Interrupt::listen().map_err(|source| Error::System { source })?;
    let runtime = runtime(flags.paused)?;
    let (log, ended) = runtime.block_on(async {
        narrator.announce(flags.paused, customers);
        let visit = Visit::of_run(narrator.clone(), customers, flags.paused);
        let log = OrderLog::observed(Keep::for_lanes(customers), vec![visit.clone()]);
        let serving = serve(Shop::with_log(flags.action_seconds, &log), customers);
        // Owned, so that whatever ends first drops it.
        let mut tasks = JoinSet::new();
        tasks.spawn(to_the_last_coffee(serving, log.clone()));
        let ended = tokio::select! {
            served = tasks.join_next() => match served {
                Some(Err(_)) => Err(Error::Panicked),
                _ => Ok(End::Done),
            },
            () = interrupt.requested() => Ok(End::Interrupted),
            () = narrator.terminal.closed() => Ok(End::Done),
            () = nothing_can_wake(&visit), if flags.paused => Err(Error::Asleep),
        };
        if !log.timeline().is_settled() {
            narrator.stop();
        }
        (log, ended)
    });
    // Drops every task that nothing awaits: this is where step 3 loses its coffees.
    runtime.shutdown_timeout(SHUTDOWN_WAIT);
    let timeline = log.timeline();
    // The last handle, unless a thread is blocked: now the end is told, if it was not before.
    drop(log);
    let end = ended?;
    if let Some(picture) = picture {
        let title = format!("Step {}: {}", narrator.lesson.number, timeline.sentence());
        let panel = Panel { title: narrator.lesson.idea, timeline: &timeline };
        narrator.picture_written(&picture.write(&draw_svg(&title, Duration::ZERO, &[panel]))?);
    }
    narrator.terminal.check()?;
    Ok(end)
}

/// Serves, answers, and stays until the last coffee is out, which is later only in step 3.
async fn to_the_last_coffee(serving: impl Future<Output = ()>, log: OrderLog) {
    serving.await;
    log.answer();
    log.settled().await;
}

/// Done when no task of a paused clock can go on, which would otherwise wait for ever.
///
/// A paused clock goes to the next timer as soon as every task waits. So if a year of shop time
/// goes by, and nothing is told of the visit, then no other task has a timer.
async fn nothing_can_wake(visit: &Visit) {
    const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
    loop {
        let before = visit.told();
        sleep(YEAR).await;
        // Another thread may still wake a task. The clock does not go on while this waits.
        let real_second = spawn_blocking(|| thread::park_timeout(Duration::from_secs(1)));
        if before == visit.told() && real_second.await.is_ok() && before == visit.told() {
            return;
        }
    }
}

/// A runtime on the real clock with a worker for each core, or on a paused clock with one thread,
/// because no other clock can be paused.
///
/// # Errors
///
/// If the operating system refuses the threads.
pub fn runtime(paused: bool) -> Result<Runtime, Error> {
    let mut builder = match paused {
        true => Builder::new_current_thread(),
        false => Builder::new_multi_thread(),
    };
    if paused {
        builder.start_paused(true);
    }
    builder.enable_all().build().map_err(|source| Error::System { source })
}
