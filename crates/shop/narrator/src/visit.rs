use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;

use coffee::{Action, Event, Observer, Phase, Reading, Timeline, seconds};

use crate::narrator::Narrator;
use crate::problems::Problems;
use crate::real_time::RealTime;
use crate::terminal::Bar;
use crate::waiting::Waiting;

/// The most customers whose actions get a line each.
const READABLE: u32 = 10;

/// Tells one request, or one run without a server: while it goes on, a line for each action, or a
/// bar if they would be too many; at the end how long it took, the timeline, and what there was to
/// see.
#[derive(Debug)]
pub struct Visit {
    narrator: Narrator,
    /// What each line begins with, to tell requests apart.
    label: String,
    /// Whether the customers are served in the way of the lesson's step.
    of_this_step: bool,
    /// How many customers the step was asked to serve.
    asked: u32,
    progress: OnceLock<Progress>,
    /// Whether the answer has been said before the end.
    answer_said: AtomicBool,
    /// How many orders were dropped by a panic.
    panicked: AtomicU32,
    /// How many times anything was told to this observer.
    told: AtomicU64,
    /// Set if the clock is paused.
    real_time: Option<RealTime>,
}

#[derive(Debug)]
enum Progress {
    Lines,
    Bar(Box<dyn Bar>),
    /// A line every tenth of the way, where a bar cannot be drawn.
    Tenths {
        done: Mutex<u64>,
        of: u64,
    },
}

impl Visit {
    /// The observer of one request's log, which asks for so many customers. Each line begins with
    /// `label`; `of_this_step` is whether they are served in the way of the lesson's step.
    #[must_use]
    pub fn of_request(narrator: Narrator, label: String, of_this_step: bool, asked: u32) -> Self {
        Self {
            narrator,
            label,
            of_this_step,
            asked,
            progress: OnceLock::new(),
            answer_said: AtomicBool::new(false),
            panicked: AtomicU32::new(0),
            told: AtomicU64::new(0),
            real_time: None,
        }
    }

    /// The observer of a run without a server.
    pub(crate) fn of_run(narrator: Narrator, asked: u32, paused: bool) -> Arc<Self> {
        let visit = Self::of_request(narrator, String::new(), true, asked);
        Arc::new(Self { real_time: paused.then(RealTime::start), ..visit })
    }

    /// Grows with all that is told to this observer.
    pub(crate) fn told(&self) -> u64 {
        self.told.load(Ordering::Relaxed)
    }

    fn hear(&self) {
        self.told.fetch_add(1, Ordering::Relaxed);
    }

    fn say(&self, line: &str) {
        self.narrator.terminal.say(&format!("{}{line}\n", self.label));
    }

    fn line(&self, event: &Event) {
        let (at, customer, action) = (seconds(event.at), event.lane, event.kind);
        let what = match event.phase {
            Phase::Started => return,
            Phase::Finished if self.narrator.terminal.is_plain() => action.done().to_owned(),
            Phase::Finished => format!("{} {}", action.done(), action.emoji()),
            Phase::Cancelled => format!("{} cancelled", action.name()),
        };
        self.say(&format!("{at:>7}  customer {customer}  {what}"));
    }

    fn tenth(&self, event: &Event, done: &Mutex<u64>, of: u64) {
        // Held while the line is printed, or another worker's tenth would overtake it.
        let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
        *done += 1;
        if *done * 10 / of > (*done - 1) * 10 / of {
            let at = seconds(event.at);
            self.say(&format!("{at:>10}  {done:>6} of {of} actions"));
        }
    }

    fn sentence(&self, timeline: &Timeline) -> String {
        format!("{}{}\n", self.label, timeline.sentence())
    }

    /// Tells the end: the timeline and what it means, in one piece, because other visits talk at
    /// the same time.
    fn tell(&self, first: &str, timeline: &Timeline) {
        if let Some(Progress::Bar(bar)) = self.progress.get() {
            bar.clear();
        }
        let terminal = &self.narrator.terminal;
        let drawing = timeline.to_text(terminal.columns(), terminal.ink());
        let end = self.meaning(timeline);
        terminal.say(&format!("{first}\n{drawing}\n{end}"));
    }

    /// What there was to see, and what comes next.
    fn meaning(&self, timeline: &Timeline) -> String {
        let problems = Problems {
            timeline,
            asked: self.asked,
            panicked: self.panicked.load(Ordering::Relaxed),
            stopped: self.narrator.is_stopping(),
        };
        let mut sentences = problems.sentences();
        // Of another step than the lesson's the drawing must do, if nothing is wrong.
        if !self.of_this_step {
            return self.narrator.paragraph(&sentences);
        }
        sentences.extend(self.real_time.and_then(|real_time| real_time.passed(self.asked)));
        let (sound, waiting) = (sentences.is_empty(), Waiting::of(timeline));
        if timeline.lost() == 0 && timeline.served() > 0 {
            sentences.push(waiting.sentence());
        }
        let as_taught = sound && waiting.is_like(self.narrator.lesson.shows);
        self.narrator.meaning(&sentences, as_taught, timeline.lost() == 0, !self.label.is_empty())
    }
}

impl Observer<Action> for Visit {
    fn accepted(&self, customers: u32) {
        self.hear();
        let of = 3 * u64::from(customers);
        self.narrator.counts.accepted.fetch_add(customers.into(), Ordering::Relaxed);
        let many = || match self.narrator.terminal.bar(of) {
            Some(bar) => Progress::Bar(bar),
            None => Progress::Tenths { done: Mutex::new(0), of },
        };
        self.progress.get_or_init(|| if customers <= READABLE { Progress::Lines } else { many() });
    }

    fn event(&self, event: &Event) {
        self.hear();
        let finished = event.phase == Phase::Finished;
        match self.progress.get() {
            Some(Progress::Lines) => self.line(event),
            Some(Progress::Bar(bar)) if finished => bar.advance(),
            Some(Progress::Tenths { done, of }) if finished => self.tenth(event, done, *of),
            _ => {}
        }
    }

    fn lost(&self, customers: u32) {
        self.hear();
        // An order that is dropped while its task unwinds.
        if thread::panicking() {
            self.panicked.fetch_add(customers, Ordering::Relaxed);
        }
        self.narrator.counts.lost.fetch_add(customers.into(), Ordering::Relaxed);
    }

    fn served(&self, customers: u32) {
        self.hear();
        self.narrator.counts.served.fetch_add(customers.into(), Ordering::Relaxed);
    }

    fn answered(&self, reading: &Reading<'_>) {
        self.hear();
        let timeline = reading.timeline();
        let none_taken = timeline.accepted() == 0;
        // If the last coffee is out, the end follows, and begins with the same sentence. If no
        // order was taken, the log has no end.
        if none_taken {
            self.tell(&self.sentence(timeline), timeline);
        } else if !timeline.is_settled() {
            self.narrator.terminal.say(&self.sentence(timeline));
            self.answer_said.store(true, Ordering::Relaxed);
        }
    }

    fn over(&self, reading: &Reading<'_>) {
        let timeline = reading.timeline();
        let first = match self.answer_said.load(Ordering::Relaxed) {
            true => String::new(),
            false => self.sentence(timeline),
        };
        self.tell(&first, timeline);
    }
}
