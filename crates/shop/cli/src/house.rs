use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use coffee::{Observer, count, seconds};
use counter::Audience;
use menu::Step;

use crate::Lesson;
use crate::args::{Open, Show};
use crate::terminal::Terminal;
use crate::visit::Visit;

/// What a lesson says before, between and after its visits. Clones are the same house.
#[derive(Clone, Debug)]
pub(crate) struct House {
    pub(crate) lesson: Lesson,
    pub(crate) terminal: Arc<Terminal>,
    pub(crate) books: Arc<Books>,
}

/// The count of all visits.
#[derive(Debug, Default)]
pub(crate) struct Books {
    visits: AtomicU32,
    moral_told: AtomicBool,
    pub(crate) accepted: AtomicU64,
    pub(crate) served: AtomicU64,
    /// Of orders that ended without their coffee, as when a client hangs up.
    pub(crate) lost: AtomicU64,
}

impl Books {
    /// So many coffees are ordered, and neither served nor lost yet.
    fn open(&self) -> u64 {
        let ended = self.served.load(Ordering::Relaxed) + self.lost.load(Ordering::Relaxed);
        self.accepted.load(Ordering::Relaxed).saturating_sub(ended)
    }

    /// So many coffees were served, and so many were ordered and not served.
    fn served_and_not(&self) -> (u64, u64) {
        let served = self.served.load(Ordering::Relaxed);
        (served, self.accepted.load(Ordering::Relaxed).saturating_sub(served))
    }
}

impl House {
    pub(crate) fn new(lesson: Lesson, plain: bool) -> Self {
        Self { lesson, terminal: Terminal::new(plain), books: Arc::default() }
    }

    /// Before the only visit of a run without a server.
    pub(crate) fn announce(&self, show: &Show, customers: u32) {
        let Lesson { number, idea, .. } = self.lesson;
        let customers = count(customers.into(), "customer");
        let paused = if show.paused {
            "\nThe clock is paused: the times are exact and come at once, all on one thread."
        } else {
            ""
        };
        self.terminal.say(&format!("Step {number}: {idea}\nServing {customers}.{paused}\n\n"));
    }

    /// When the shop opens.
    pub(crate) fn invite(&self, open: &Open, port: u16) {
        let Lesson { number, idea, .. } = self.lesson;
        // No program can go to the address that means all addresses.
        let address = open.address.filter(|address| !address.is_unspecified());
        let host = match address {
            Some(address) if address.is_ipv6() => format!("[{address}]"),
            Some(address) => address.to_string(),
            None => "localhost".to_owned(),
        };
        // Some shells take brackets for a pattern.
        let quote = if host.starts_with('[') { "'" } else { "" };
        let order = format!("{quote}{host}:{port}/serve-customer/3{quote}");
        self.terminal.say(&format!(
            "Step {number}: {idea}\n\
             The shop is open on http://{host}:{port}\n\n  \
             To watch it work:     http://{host}:{port} in a browser\n  \
             In another terminal:  curl {order}\n  \
             In PowerShell:        curl.exe {order}\n  \
             To close the shop:    Ctrl-C\n\n"
        ));
    }

    /// When the shop begins to close.
    pub(crate) fn last_orders(&self, grace: Duration) {
        let grace = seconds(grace);
        let open = match (self.books.open(), self.lesson.step) {
            (0, _) => String::new(),
            (open, Step::Spawned) => {
                format!("{} under way, and nobody waits for them. ", count(open, "coffee"))
            }
            (open, _) => {
                format!("{} under way may take {grace} more. ", count(open, "coffee"))
            }
        };
        self.terminal.say(&format!("\nClosing. {open}Ctrl-C again ends at once.\n"));
    }

    /// When the picture is drawn.
    pub(crate) fn hung(&self, picture: &Path) {
        self.terminal.say(&format!("Picture: {}\n", picture.display()));
    }

    /// What there was to see, and what comes next: after the first visit, not after every one.
    pub(crate) fn moral(&self, in_shop: bool) -> String {
        if self.books.moral_told.swap(true, Ordering::Relaxed) {
            return String::new();
        }
        let seen = self.terminal.wrapped(self.lesson.seen);
        let close = if in_shop { "Ctrl-C here, then " } else { "" };
        format!("{seen}\n\nNext: {close}{}\n\n", self.lesson.next)
    }

    /// When nothing runs any more.
    pub(crate) fn closed(&self) {
        let (served, lost) = self.books.served_and_not();
        self.terminal.say(&format!("Closed: {} served, {lost} lost.\n", count(served, "coffee")));
    }

    /// The observer of a run without a server.
    pub(crate) fn only_visit(&self) -> Arc<dyn Observer> {
        Visit::new(self.clone(), String::new(), self.lesson.step)
    }
}

impl Audience for House {
    fn observer(&self, step: Step) -> Arc<dyn Observer> {
        let visit = self.books.visits.fetch_add(1, Ordering::Relaxed) + 1;
        let label = match step {
            _ if step == self.lesson.step => format!("[{visit}] "),
            other => format!("[{visit}, step {}] ", other.number()),
        };
        Visit::new(self.clone(), label, step)
    }
}
