use std::sync::Arc;
use std::time::Duration;

use coffee::{Action, Durations, Observer};
use counter::{Asked, Audience, Counter, Listener, router};
use menu::Step;
use narrator::{Lesson, Narrator, SHUTDOWN_WAIT, Visit, runtime};
use program::{End, Interrupt};
use tokio::task::spawn_blocking;

use crate::args::Open;
use crate::error::Error;
use crate::port;

/// Of the counter's 64 connections these may be event streams of the page; the rest is for orders.
const MAX_VIEWERS: usize = 48;

/// After the second Ctrl-C the runtime is dropped and the lost coffees are told; in real time.
const LAST_WORDS: Duration = SHUTDOWN_WAIT.saturating_add(Duration::from_secs(1));

/// A shop as its command line asks for it.
#[derive(Debug)]
pub(crate) struct Shop {
    pub(crate) step: Step,
    pub(crate) narrator: Narrator,
    pub(crate) durations: Durations,
    pub(crate) open: Open,
}

impl Shop {
    /// Serves until Ctrl-C or until the output is closed, then finishes what was ordered.
    pub(crate) fn until_closed(self) -> Result<End, Error> {
        let system = |source| narrator::Error::System { source };
        let interrupt = Interrupt::listen_with_last_words(LAST_WORDS).map_err(system)?;
        let runtime = runtime(false)?;
        let end = runtime.block_on(async {
            let (open, step) = (&self.open, self.narrator.lesson().number);
            let listener = port::listen(open.address, open.port, step).await?;
            self.invite(listener.port());
            Ok::<_, Error>(self.serve(listener, &interrupt).await)
        });
        runtime.shutdown_timeout(SHUTDOWN_WAIT);
        let end = end?;
        if end == End::Done {
            self.narrator.closed();
        }
        self.narrator.terminal().check()?;
        Ok(end)
    }

    async fn serve(&self, listener: Listener, interrupt: &Interrupt) -> End {
        let grace = self.durations.one_after_another() + Duration::from_secs(1);
        let mut counter = self.counter();
        let (live, publisher) = live::open(&counter, MAX_VIEWERS);
        counter.audience.push(Arc::new(live.clone()));
        let router = router(counter).merge(live::router(live));
        let closing = async {
            tokio::select! {
                () = interrupt.requested() => {}
                () = self.narrator.terminal().closed() => {}
                // Dropped with the others, it ends the event streams: then the shop closes as soon
                // as the coffees are out, however many browsers are watching.
                () = publisher.run() => {}
            }
            // Writing may wait, so it is not done on the thread that waits for Ctrl-C.
            let (narrator, awaited) = (self.narrator.clone(), self.step != Step::Spawned);
            let _ = spawn_blocking(move || narrator.closing(grace, awaited)).await;
        };
        tokio::select! {
            _ = serving::serve(listener, router, counter::limits(grace), closing) => End::Done,
            () = interrupt.insisted() => End::Interrupted,
        }
    }

    /// Says that the shop is open, and how to order.
    fn invite(&self, port: u16) {
        let Lesson { number, idea, .. } = self.narrator.lesson();
        // No program can go to the address that means all addresses.
        let address = self.open.address.filter(|address| !address.is_unspecified());
        let host = match address {
            Some(address) if address.is_ipv6() => format!("[{address}]"),
            Some(address) => address.to_string(),
            None => "localhost".to_owned(),
        };
        // Some shells take brackets for a pattern.
        let quote = if host.starts_with('[') { "'" } else { "" };
        let order = format!("{quote}{host}:{port}/serve-customer/3{quote}");
        self.narrator.terminal().say(&format!(
            "Step {number}: {idea}\n\
             The shop is open on http://{host}:{port}\n\n  \
             To watch it work:     http://{host}:{port} in a browser\n  \
             In another terminal:  curl {order}\n  \
             In PowerShell:        curl.exe {order}\n  \
             To close the shop:    Ctrl-C\n\n"
        ));
    }

    /// It offers the steps up to this one, which are the ones that were shown so far.
    fn counter(&self) -> Counter {
        let number = self.narrator.lesson().number;
        let terminal = Visits { narrator: self.narrator.clone(), step: self.step };
        Counter {
            step: self.step,
            offered: Step::TALK.into_iter().filter(|step| step.number() <= number).collect(),
            durations: self.durations,
            max_customers: self.open.max_customers,
            audience: vec![Arc::new(terminal)],
        }
    }
}

/// Sends the narrator to every request.
#[derive(Debug)]
struct Visits {
    narrator: Narrator,
    step: Step,
}

impl Audience for Visits {
    fn observer(&self, asked: &Asked) -> Arc<dyn Observer<Action>> {
        let visit = self.narrator.next_visit();
        let label = match asked.step {
            step if step == self.step => format!("[{visit}] "),
            other => format!("[{visit}, step {}] ", other.number()),
        };
        let narrator = self.narrator.clone();
        Arc::new(Visit::of_request(narrator, label, asked.step == self.step, asked.customers))
    }
}
