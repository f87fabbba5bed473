use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use coffee::{Action, Event, Observer, Phase, Reading, Timeline, seconds};

use crate::narrator::Narrator;
use crate::terminal::Bar;

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
    progress: OnceLock<Progress>,
    /// Whether the answer has been said before the end.
    answer_said: AtomicBool,
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
    /// The observer of one request's log. Each line begins with `label`; `of_this_step` is whether
    /// the customers are served in the way of the lesson's step.
    #[must_use]
    pub fn new(narrator: Narrator, label: String, of_this_step: bool) -> Arc<Self> {
        let (progress, answer_said) = (OnceLock::new(), AtomicBool::new(false));
        Arc::new(Self { narrator, label, of_this_step, progress, answer_said })
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

    /// What there was to see. For another step than the lesson's the drawing must do.
    fn meaning(&self, timeline: &Timeline) -> String {
        let (narrator, of) = (&self.narrator, timeline.accepted());
        match timeline.lost() {
            0 if self.of_this_step => narrator.seen(!self.label.is_empty()),
            0 => String::new(),
            lost => {
                let why = if self.of_this_step { narrator.lesson.lost } else { "" };
                let sentence = format!("{lost} of {of} lost. {why}");
                narrator.terminal.wrapped(sentence.trim_end()) + "\n\n"
            }
        }
    }
}

impl Observer<Action> for Visit {
    fn accepted(&self, customers: u32) {
        let of = 3 * u64::from(customers);
        self.narrator.counts.accepted.fetch_add(customers.into(), Ordering::Relaxed);
        let many = || match self.narrator.terminal.bar(of) {
            Some(bar) => Progress::Bar(bar),
            None => Progress::Tenths { done: Mutex::new(0), of },
        };
        self.progress.get_or_init(|| if customers <= READABLE { Progress::Lines } else { many() });
    }

    fn event(&self, event: &Event) {
        let finished = event.phase == Phase::Finished;
        match self.progress.get() {
            Some(Progress::Lines) => self.line(event),
            Some(Progress::Bar(bar)) if finished => bar.advance(),
            Some(Progress::Tenths { done, of }) if finished => self.tenth(event, done, *of),
            _ => {}
        }
    }

    fn lost(&self, customers: u32) {
        self.narrator.counts.lost.fetch_add(customers.into(), Ordering::Relaxed);
    }

    fn served(&self, customers: u32) {
        self.narrator.counts.served.fetch_add(customers.into(), Ordering::Relaxed);
    }

    fn answered(&self, reading: &Reading<'_>) {
        let timeline = reading.timeline();
        // If the last coffee is out, the end follows, and begins with the same sentence.
        if !timeline.is_settled() || timeline.lost() > 0 {
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
