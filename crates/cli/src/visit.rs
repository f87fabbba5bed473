use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use coffee::{Event, Observer, OrderLog, Phase, Timeline, seconds};
use indicatif::ProgressBar;
use steps::Step;

use crate::house::House;

/// The most customers whose actions get a line each.
const READABLE: u32 = 10;

/// One request, or one run without a server, as the terminal tells it: while it goes on, a line
/// an action, or a bar if they would be too many; at the end what it took, the timeline, and what
/// there was to see.
#[derive(Debug)]
pub(crate) struct Visit {
    house: House,
    /// What each line begins with, to tell requests apart.
    label: String,
    step: Step,
    progress: OnceLock<Progress>,
    told: AtomicBool,
}

#[derive(Debug)]
enum Progress {
    Lines,
    Bar(ProgressBar),
    /// A line every tenth of the way, where a bar cannot be drawn.
    Tenths {
        done: AtomicU64,
        of: u64,
    },
}

impl Visit {
    pub(crate) fn new(house: House, label: String, step: Step) -> Arc<Self> {
        let (progress, told) = (OnceLock::new(), AtomicBool::new(false));
        Arc::new(Self { house, label, step, progress, told })
    }

    fn say(&self, line: &str) {
        self.house.terminal.say(&format!("{}{line}\n", self.label));
    }

    fn line(&self, event: &Event) {
        let (at, customer, action) = (seconds(event.at), event.customer, event.action);
        let what = match event.phase {
            Phase::Started => return,
            Phase::Finished if self.house.terminal.plain() => action.done().to_owned(),
            Phase::Finished => format!("{} {}", action.done(), action.emoji()),
            Phase::Cancelled => format!("{} cancelled", action.name()),
        };
        self.say(&format!("{at:>7}  customer {customer}  {what}"));
    }

    fn tenth(&self, event: &Event, done: &AtomicU64, of: u64) {
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        if done * 10 / of > (done - 1) * 10 / of {
            let (at, percent) = (seconds(event.at), done * 100 / of);
            self.say(&format!("{at:>7}  {percent:>3} % of {of} actions"));
        }
    }

    /// Tells the end, once: the timeline and what it means, in one piece, because other visits
    /// talk at the same time.
    fn tell(&self, first: &str, timeline: &Timeline) {
        if self.told.swap(true, Ordering::AcqRel) {
            return;
        }
        if let Some(Progress::Bar(bar)) = self.progress.get() {
            bar.finish_and_clear();
        }
        let house = &self.house;
        let drawing = timeline.to_text(house.terminal.columns(), house.terminal.ink());
        let end = self.meaning(timeline);
        house.terminal.say(&format!("{first}\n{drawing}\n{end}\n"));
    }

    /// What there was to see. Of a step that is not this lesson's the counts must do.
    fn meaning(&self, timeline: &Timeline) -> String {
        let lesson = &self.house.lesson;
        let (seen, why, next) = match self.step == lesson.step {
            true => (lesson.seen, lesson.lost, format!("\n\nNext: {}\n", lesson.next)),
            false => ("", "", String::new()),
        };
        let of = coffees(timeline.customers().into());
        match timeline.lost() {
            0 => format!("{seen}{next}"),
            lost => format!("{lost} of {of} lost.\n{why}\n"),
        }
    }
}

/// "1 coffee", "3 coffees".
pub(crate) fn coffees(n: u64) -> String {
    format!("{n} coffee{}", if n == 1 { "" } else { "s" })
}

impl Observer for Visit {
    fn accepted(&self, customers: u32) {
        let of = 3 * u64::from(customers);
        let _ = self.progress.set(match customers {
            ..=READABLE => Progress::Lines,
            _ if self.house.terminal.plain() => Progress::Tenths { done: AtomicU64::new(0), of },
            _ => Progress::Bar(self.house.terminal.bar(of)),
        });
    }

    fn event(&self, event: &Event) {
        let finished = event.phase == Phase::Finished;
        match self.progress.get() {
            Some(Progress::Lines) => self.line(event),
            Some(Progress::Bar(bar)) if finished => bar.inc(1),
            Some(Progress::Tenths { done, of }) if finished => self.tenth(event, done, *of),
            _ => {}
        }
    }

    fn served(&self) {
        self.house.books.served.fetch_add(1, Ordering::AcqRel);
    }

    fn lost(&self, customers: u32) {
        self.house.books.lost.fetch_add(customers.into(), Ordering::AcqRel);
    }

    fn answered(&self, log: &OrderLog) {
        let timeline = log.timeline();
        let sentence = format!("{}{}\n", self.label, timeline.sentence());
        match timeline.is_settled() {
            true => self.tell(&sentence, &timeline),
            false => self.house.terminal.say(&sentence),
        }
    }

    fn settled(&self, log: &OrderLog) {
        let timeline = log.timeline();
        // The last coffee comes a moment before the answer, which ends the story then. But if
        // the answer is out, or will never be, because whoever asked is gone, this is the end.
        if timeline.answered().is_some() || timeline.lost() > 0 {
            self.tell("", &timeline);
        }
    }
}
