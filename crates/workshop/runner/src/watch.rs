use std::fs;
use std::thread;
use std::time::Duration;

use anyhow::Result;

use crate::catalogue::{ALL, Exercise};
use crate::check::{Checked, Next, check};
use crate::desk::Desk;
use crate::progress::Progress;
use crate::terminal::{FAINT, Terminal};

/// A file that is the same for so long is saved.
const SETTLE: Duration = Duration::from_millis(30);

/// Checks each exercise whose file is saved, until Ctrl-C. It goes on, whatever a check says, and gives
/// up a check whose file is saved again.
///
/// It looks at the files, a dozen small ones, every so often. Events of the file system would come a
/// little sooner, but network drives, containers and editors that replace files lose them, and the
/// crate that listens for them would have tokio compiled a second time.
pub(crate) fn watch(
    desk: &Desk,
    only: Option<&'static Exercise>,
    every: Duration,
    progress: &mut Progress<'_>,
    terminal: &Terminal,
) -> Result<()> {
    // Before the first check, so that a change during it is not missed.
    let mut seen = Seen::now(desk);
    let first = only.or_else(|| progress.next());
    let mut checked = first.map(|first| report(desk, first, progress, terminal));
    loop {
        if checked != Some(Checked::Abandoned) {
            invite(only, terminal);
        }
        let changed = loop {
            look_away(every);
            let changed = seen.changes(desk);
            let wanted = |changed: &&Exercise| only.is_none_or(|only| only.name == changed.name);
            let changed: Vec<_> = changed.into_iter().filter(wanted).collect();
            if !changed.is_empty() {
                break changed;
            }
        };
        for exercise in changed {
            terminal.gap();
            checked = Some(report(desk, exercise, progress, terminal));
        }
    }
}

/// A check that cannot be done is told, and is no reason to stop watching.
fn report(
    desk: &Desk,
    exercise: &'static Exercise,
    progress: &mut Progress<'_>,
    terminal: &Terminal,
) -> Checked {
    check(desk, exercise, Next::Save, progress, terminal).unwrap_or_else(|error| {
        terminal.complain(&format!("{error:#}"));
        Checked::NotYet
    })
}

fn invite(only: Option<&Exercise>, terminal: &Terminal) {
    terminal.gap();
    let what = only.map_or("an exercise".to_owned(), |only| format!("{}.rs", only.name));
    let line = format!("Watching: save {what} and it is checked. Ctrl-C ends it.");
    terminal.say(&terminal.styled(FAINT, &terminal.wrapped(&line, "")));
}

#[expect(clippy::disallowed_methods, reason = "the runner has no runtime, so no other task waits")]
fn look_away(time: Duration) {
    thread::sleep(time);
}

/// What was in the files when they were last looked at. A time stamp would say less: some drives
/// keep coarse ones, and saving what one has changes nothing.
#[derive(PartialEq)]
struct Seen {
    contents: Vec<Option<Vec<u8>>>,
}

impl Seen {
    fn now(desk: &Desk) -> Self {
        Self { contents: ALL.iter().map(|exercise| fs::read(desk.file(exercise)).ok()).collect() }
    }

    /// The exercises that have changed since, except those that are gone, as a file is for a moment
    /// in which an editor replaces it.
    fn changes(&mut self, desk: &Desk) -> Vec<&'static Exercise> {
        let mut now = Self::now(desk);
        // An editor may write in several steps. Bounded, should a program never stop writing.
        for _ in 0..20 {
            if now == *self {
                return Vec::new();
            }
            look_away(SETTLE);
            let later = Self::now(desk);
            if std::mem::replace(&mut now, later) == now {
                break;
            }
        }
        let mut changed = Vec::new();
        for ((exercise, before), now) in ALL.iter().zip(&mut self.contents).zip(now.contents) {
            if now.is_some() && *before != now {
                *before = now;
                changed.push(exercise);
            }
        }
        changed
    }
}
