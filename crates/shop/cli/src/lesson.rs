use std::future::pending;
use std::io::{Write, stderr};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Command;
use coffee::{Durations, Keep, OrderLog, Panel, Shop, draw_svg};
use counter::{Counter, router};
use live::{Live, Page};
use menu::Step;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;
use tokio::task::{JoinSet, spawn_blocking};

use crate::args::{self, Open, Show};
use crate::house::House;
use crate::interrupts::Interrupts;
use crate::picture::Picture;
use crate::{Error, port};

/// One step as an example shows it.
#[derive(Clone, Copy, Debug)]
pub struct Lesson {
    /// The step's number in the talk.
    pub number: u8,
    /// The step's idea, a sentence.
    pub idea: &'static str,
    /// How customers are served.
    pub step: Step,
    /// What there was to see and why, a sentence.
    pub seen: &'static str,
    /// What it means when coffees are lost, a sentence.
    pub lost: &'static str,
    /// What to type next.
    pub next: &'static str,
}

/// How long the runtime may take to drop what is left in it, in real time.
const LAST_CALL: Duration = Duration::from_secs(1);

/// Of the counter's 64 connections these may be event streams of the page; the rest is for orders.
const MAX_VIEWERS: usize = 48;

/// How a lesson ends when nothing fails.
enum End {
    Done,
    Interrupted,
}

impl Lesson {
    /// Serves one customer and ends. Reads the flags from the command line.
    #[must_use]
    pub fn serve_one(&self) -> ExitCode {
        let show = args::one(self.command());
        exit_code(self.once(&show, 1))
    }

    /// Opens the shop until Ctrl-C, or with `--customers` serves once and ends. Reads the flags
    /// from the command line.
    #[must_use]
    pub fn open(&self) -> ExitCode {
        let (show, open) = args::any(self.command());
        exit_code(match open.customers {
            Some(customers) => self.once(&show, customers),
            None => self.shop(&show, &open),
        })
    }

    fn once(&self, show: &Show, customers: u32) -> Result<End, Error> {
        let picture = show.svg.as_deref().map(Picture::claim).transpose()?;
        let house = House::new(*self, show.plain);
        let runtime = runtime(show.paused)?;
        let visit = runtime.block_on(async {
            let mut interrupts = Interrupts::listen()?;
            house.announce(show, customers);
            let keep = Keep::for_customers(customers);
            let log = OrderLog::observed(keep, vec![house.only_visit()]);
            let shop = Shop::with_log(show.action_seconds, &log);
            let mut visit = JoinSet::new();
            visit.spawn(serve(self.step, shop, log.clone(), customers));
            let end = tokio::select! {
                served = visit.join_next() => match served {
                    Some(Err(_)) => return Err(Error::Panicked),
                    _ => End::Done,
                },
                () = interrupts.next() => End::Interrupted,
                () = house.terminal.closed() => End::Done,
            };
            Ok((log, end))
        });
        // Drops whatever nobody awaits any more: this is where step 3 loses its coffees.
        runtime.shutdown_timeout(LAST_CALL);
        let (log, end) = visit?;
        if let Some(picture) = picture {
            let timeline = &log.timeline();
            let title = format!("Step {}: {}", self.number, timeline.sentence());
            let panel = Panel { title: self.idea, timeline };
            house.hung(&picture.draw(&draw_svg(&title, Duration::ZERO, &[panel]))?);
        }
        house.terminal.check()?;
        Ok(end)
    }

    fn shop(&self, show: &Show, open: &Open) -> Result<End, Error> {
        let house = House::new(*self, show.plain);
        let runtime = runtime(false)?;
        let end = runtime.block_on(async {
            let listener = port::listen(open.address, open.port, self.number).await?;
            let mut interrupts = Interrupts::listen()?;
            house.invite(open, listener.port());
            let durations = show.action_seconds;
            let grace = durations.one_after_another() + Duration::from_secs(1);
            let page = self.page(durations, open.max_customers);
            let (live, publisher) = live::open(&page);
            let router = router(counter(&page, &house, &live)).merge(live::router(live));
            let (begin, begun) = oneshot::channel();
            let closing = async {
                tokio::select! {
                    () = interrupts.next() => {}
                    () = house.terminal.closed() => {}
                    // Dropped with the others, it ends the event streams: then the shop closes
                    // as soon as the coffees are out, however many browsers are watching.
                    () = publisher.run() => {}
                }
                // Listens anew, or the Ctrl-C that was just heard would count twice.
                let _ = begin.send(Interrupts::listen());
                let house = house.clone();
                // Writing may wait, so it is not done on the thread that waits for Ctrl-C. A worker
                // that waits in a pipe which nobody reads still keeps the program from ending.
                let _ = spawn_blocking(move || house.last_orders(grace)).await;
            };
            tokio::select! {
                _ = counter::serve(listener, router, closing, grace) => Ok(End::Done),
                insisted = insisted(begun) => insisted,
            }
        });
        runtime.shutdown_timeout(LAST_CALL);
        let end = end?;
        if matches!(end, End::Done) {
            house.closed();
        }
        house.terminal.check()?;
        Ok(end)
    }

    /// The live page offers the steps up to this one: who has come so far has seen them.
    fn page(&self, durations: Durations, max_customers: u32) -> Page {
        let known = Step::TALK.into_iter().filter(|step| step.number() <= self.number);
        Page {
            step: self.step,
            steps: known.collect(),
            durations,
            max_customers,
            max_viewers: MAX_VIEWERS,
        }
    }

    fn command(&self) -> Command {
        let Self { number, idea, seen, .. } = *self;
        let run = format!("cargo run --example step{number}");
        let examples = match number {
            1 => format!(
                "  {run}               6 seconds\n  \
                   {run} -- --paused   the same at once"
            ),
            _ => format!(
                "  {run}, and in another terminal curl localhost:8080/serve-customer/3\n  \
                   {run} -- --customers 3           without a server\n  \
                   {run} -- --customers 3 --paused  the same at once"
            ),
        };
        Command::new("example")
            .bin_name(format!("{run} --"))
            .about(format!("Step {number}: {idea}"))
            .after_help(format!("What there is to see: {seen}\n\nTry:\n{examples}"))
    }
}

fn counter(page: &Page, house: &House, live: &Live) -> Counter {
    Counter {
        step: page.step,
        offered: page.steps.clone(),
        durations: page.durations,
        max_customers: page.max_customers,
        audience: vec![Arc::new(house.clone()), Arc::new(live.clone())],
    }
}

/// Serves, answers, and stays until the last coffee is out, which is later only in step 3.
async fn serve(step: Step, shop: Shop, log: OrderLog, customers: u32) {
    step.serve(&shop, customers).await;
    log.answer();
    log.settled().await;
}

/// Done at the Ctrl-C after the one, or the closed output, with which the closing began.
async fn insisted(begun: oneshot::Receiver<Result<Interrupts, Error>>) -> Result<End, Error> {
    match begun.await {
        Ok(interrupts) => interrupts?.next().await,
        Err(_) => pending().await, // the shop is closed by now
    }
    Ok(End::Interrupted)
}

fn runtime(paused: bool) -> Result<Runtime, Error> {
    let mut builder = match paused {
        true => Builder::new_current_thread(), // the only one whose clock can be paused
        false => Builder::new_multi_thread(),
    };
    if paused {
        builder.start_paused(true);
    }
    builder.enable_all().build().map_err(|source| Error::System { source })
}

fn exit_code(end: Result<End, Error>) -> ExitCode {
    match end {
        Ok(End::Done) => ExitCode::SUCCESS,
        Ok(End::Interrupted) => ExitCode::from(130), // what shells expect of Ctrl-C
        Err(error) => {
            // If not even that can be written, the exit code has to do.
            let _ = writeln!(stderr(), "error: {error}");
            match error {
                Error::Panicked => ExitCode::from(101), // as for any program that panics
                _ => ExitCode::FAILURE,
            }
        }
    }
}
