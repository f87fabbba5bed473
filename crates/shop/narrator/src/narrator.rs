use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use coffee::{count, seconds};

use crate::lesson::Lesson;
use crate::terminal::Terminal;

/// Says a lesson's words before, between and after its visits. Clones are the same narrator.
#[derive(Clone, Debug)]
pub struct Narrator {
    pub(crate) lesson: Lesson,
    pub(crate) terminal: Arc<Terminal>,
    pub(crate) counts: Arc<Counts>,
}

/// The coffees of all visits, and what was said of them.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    visits: AtomicU32,
    /// Whether it ends now, wherever the customers are.
    stopping: AtomicBool,
    told: Mutex<Told>,
    pub(crate) accepted: AtomicU64,
    pub(crate) served: AtomicU64,
    /// Coffees of orders that ended without them, as when a client hangs up.
    pub(crate) lost: AtomicU64,
}

/// What was said after the visits so far.
#[derive(Debug, Default)]
struct Told {
    meaning: String,
    next: bool,
}

impl Counts {
    /// Coffees that are neither served nor lost yet.
    fn open(&self) -> u64 {
        let ended = self.served.load(Ordering::Relaxed) + self.lost.load(Ordering::Relaxed);
        self.accepted.load(Ordering::Relaxed).saturating_sub(ended)
    }
}

impl Narrator {
    /// A narrator of this lesson who writes to this terminal.
    #[must_use]
    pub fn new(lesson: Lesson, terminal: Terminal) -> Self {
        Self { lesson, terminal: Arc::new(terminal), counts: Arc::default() }
    }

    /// The step of which it tells.
    #[must_use]
    pub const fn lesson(&self) -> &Lesson {
        &self.lesson
    }

    /// Where it writes.
    #[must_use]
    pub fn terminal(&self) -> &Terminal {
        &self.terminal
    }

    /// Counts one more visit, and returns its number, from 1.
    #[must_use]
    pub fn next_visit(&self) -> u32 {
        self.counts.visits.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Says what is about to happen, before the only visit of a run without a server.
    pub(crate) fn announce(&self, paused: bool, customers: u32) {
        let Lesson { number, idea, .. } = self.lesson;
        let customers = count(customers.into(), "customer");
        let paused = if paused {
            "\nThe clock is paused: the times are exact and come at once, all on one thread."
        } else {
            ""
        };
        self.terminal.say(&format!("Step {number}: {idea}\nServing {customers}.{paused}\n\n"));
    }

    /// Says that the shop begins to close, and that the coffees which are under way have `grace`
    /// (shop time) to be finished; `awaited` is whether anything waits for them.
    pub fn closing(&self, grace: Duration, awaited: bool) {
        self.stop();
        let grace = seconds(grace);
        let open = match (self.counts.open(), awaited) {
            (0, _) => String::new(),
            (open, false) => {
                format!("{} under way, and nothing waits for them. ", count(open, "coffee"))
            }
            (open, true) => {
                format!("{} under way may take {grace} more. ", count(open, "coffee"))
            }
        };
        self.terminal.say(&format!("\nClosing. {open}Ctrl-C again ends at once.\n"));
    }

    /// Says where the picture is.
    pub(crate) fn picture_written(&self, path: &Path) {
        self.terminal.say(&format!("Picture: {}\n", path.display()));
    }

    /// Marks that everything ends now: what is lost from now on, is lost because of that.
    pub(crate) fn stop(&self) {
        self.counts.stopping.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.counts.stopping.load(Ordering::Relaxed)
    }

    /// What there was to see in a visit, and what comes next; both when they are new, and not after
    /// every visit. `as_taught` is whether it is what the lesson shows.
    pub(crate) fn meaning(
        &self,
        sentences: &[String],
        as_taught: bool,
        all_served: bool,
        in_shop: bool,
    ) -> String {
        let Lesson { number, idea, next, .. } = self.lesson;
        let mut meaning = self.paragraph(sentences);
        if !as_taught && all_served {
            meaning += &self.paragraph(&[format!("Step {number} shows something else: {idea}.")]);
        }
        let mut told = self.counts.told.lock().unwrap_or_else(PoisonError::into_inner);
        if all_served && told.meaning == meaning {
            return String::new();
        }
        told.meaning.clone_from(&meaning);
        if as_taught && !std::mem::replace(&mut told.next, true) {
            let close = if in_shop { "Ctrl-C here, then " } else { "" };
            meaning += &format!("Next: {close}{next}\n\n");
        }
        meaning
    }

    /// Sentences as they fit the terminal, and an empty line after them.
    pub(crate) fn paragraph(&self, sentences: &[String]) -> String {
        match sentences {
            [] => String::new(),
            sentences => self.terminal.wrapped(&sentences.join(" ")) + "\n\n",
        }
    }

    /// Says how many coffees were served and how many not, once nothing runs any more.
    pub fn closed(&self) {
        let served = self.counts.served.load(Ordering::Relaxed);
        let lost = self.counts.accepted.load(Ordering::Relaxed).saturating_sub(served);
        self.terminal.say(&format!("Closed: {} served, {lost} lost.\n", count(served, "coffee")));
    }
}
