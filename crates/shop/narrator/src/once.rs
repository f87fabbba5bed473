use std::time::Duration;

use coffee::{Keep, OrderLog, Panel, Shop, draw_svg};
use program::{End, Interrupt};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

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
    let visit = runtime.block_on(async {
        narrator.announce(flags.paused, customers);
        let observer = Visit::new(narrator.clone(), String::new(), true);
        let log = OrderLog::observed(Keep::for_lanes(customers), vec![observer]);
        let serving = serve(Shop::with_log(flags.action_seconds, &log), customers);
        let mut visit = JoinSet::new();
        visit.spawn(to_the_last_coffee(serving, log.clone()));
        let end = tokio::select! {
            served = visit.join_next() => match served {
                Some(Err(_)) => return Err(Error::Panicked),
                _ => End::Done,
            },
            () = interrupt.requested() => End::Interrupted,
            () = narrator.terminal.closed() => End::Done,
        };
        Ok((log, end))
    });
    // Drops every task that nothing awaits: this is where step 3 loses its coffees.
    runtime.shutdown_timeout(SHUTDOWN_WAIT);
    let (log, end) = visit?;
    if let Some(picture) = picture {
        let timeline = &log.timeline();
        let title = format!("Step {}: {}", narrator.lesson.number, timeline.sentence());
        let panel = Panel { title: narrator.lesson.idea, timeline };
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
