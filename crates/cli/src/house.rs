use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use coffee::{Observer, seconds};
use counter::Audience;
use steps::Step;

use crate::Lesson;
use crate::args::{Open, Show};
use crate::terminal::Terminal;
use crate::visit::{Visit, coffees};

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
    pub(crate) served: AtomicU64,
    pub(crate) lost: AtomicU64,
}

impl House {
    pub(crate) fn new(lesson: Lesson, plain: bool) -> Self {
        Self { lesson, terminal: Terminal::new(plain), books: Arc::default() }
    }

    /// Before the only visit of a run without a server.
    pub(crate) fn announce(&self, show: &Show, customers: u32) {
        let Lesson { number, idea, .. } = self.lesson;
        let customers =
            if customers == 1 { "1 customer".into() } else { format!("{customers} customers") };
        let paused = if show.paused {
            "\nThe clock is paused: the times are exact, nobody waits, and all runs on one thread."
        } else {
            ""
        };
        self.terminal.say(&format!("Step {number}: {idea}\nServing {customers}.{paused}\n\n"));
    }

    /// When the shop opens.
    pub(crate) fn invite(&self, open: &Open, port: u16) {
        let Lesson { number, idea, .. } = self.lesson;
        let host = match open.address {
            Some(address) if address.is_ipv6() => format!("[{address}]"),
            Some(address) => address.to_string(),
            None => "localhost".to_owned(),
        };
        self.terminal.say(&format!(
            "Step {number}: {idea}\n\
             The shop is open on http://{host}:{port}\n\n  \
             To watch it work:     http://{host}:{port} in a browser\n  \
             In another terminal:  curl {host}:{port}/serve-customer/3\n  \
             In PowerShell:        curl.exe {host}:{port}/serve-customer/3\n  \
             To close the shop:    Ctrl-C\n\n"
        ));
    }

    /// At the first Ctrl-C.
    pub(crate) fn last_orders(&self, grace: Duration) {
        let grace = seconds(grace);
        self.terminal.say(&format!(
            "\nClosing: what was ordered may take {grace} more. Ctrl-C again ends at once.\n"
        ));
    }

    /// When nothing runs any more.
    pub(crate) fn closed(&self) {
        let served = self.books.served.load(Ordering::Acquire);
        let lost = self.books.lost.load(Ordering::Acquire);
        self.terminal.say(&format!("Closed: {} served, {lost} lost.\n", coffees(served)));
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
