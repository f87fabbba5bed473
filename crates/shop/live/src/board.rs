use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use coffee::{Action, Batch, Event, Observer, Reading};
use counter::Asked;
use tokio::sync::Notify;

use crate::frame::{Frame, Menu, Tried};
use crate::run::Run;

/// The most runs of which a page sees every action; of more it gets a row each.
const FEW: usize = 3;
/// The most runs that a page can show. A lesson's shop has fewer connections.
const ROWS: usize = 128;
/// How long a run that is over stays beside those that go on, in real time.
const KEPT_FOR: Duration = Duration::from_secs(10);
/// The most results that are remembered.
const TRIED: usize = 8;

/// What is going on in the shop: the newest runs, and the results of those before.
#[derive(Debug)]
pub(crate) struct Board {
    menu: Menu,
    runs: Mutex<Runs>,
    changed: AtomicBool,
    wake: Notify,
}

#[derive(Debug, Default)]
struct Runs {
    /// Oldest first.
    shown: VecDeque<Arc<Run>>,
    tried: VecDeque<Tried>,
    numbered: u64,
    active: usize,
}

impl Board {
    pub(crate) fn new(menu: Menu) -> Self {
        Self { menu, runs: Mutex::default(), changed: AtomicBool::new(false), wake: Notify::new() }
    }

    /// The state of the shop as JSON, now.
    pub(crate) fn frame(&self) -> Arc<str> {
        let runs = self.runs();
        let going = runs.shown.iter().filter(|run| !run.is_over()).count();
        let (few, rows) = match runs.shown.len() <= FEW {
            true => (runs.shown.iter().map(|run| run.now()).collect(), vec![]),
            false => (vec![], runs.shown.iter().rev().map(|run| run.row()).collect()),
        };
        let frame = Frame {
            shop: &self.menu,
            runs: few,
            rows,
            unseen: runs.active.saturating_sub(going),
            tried: runs.tried.iter().cloned().collect(),
        };
        drop(runs); // writing the frame takes longer than taking it, and workers may be waiting
        frame.to_json().into()
    }

    pub(crate) fn sample(&self) {
        for run in &self.runs().shown {
            run.sample_now();
        }
    }

    pub(crate) fn is_active(&self) -> bool {
        self.runs().active > 0
    }

    /// Whether anything has happened since the last call.
    pub(crate) fn take_changed(&self) -> bool {
        self.changed.swap(false, Ordering::AcqRel)
    }

    /// Waits until something has happened. For one caller, the publisher.
    pub(crate) async fn changed(&self) {
        self.wake.notified().await;
    }

    /// Wakes the publisher, because a viewer has come.
    pub(crate) fn wake_publisher(&self) {
        self.wake.notify_one();
    }

    /// An event costs this much and its counters. The swap is not optimised to a load when it is
    /// already true: the publisher's own swap must see what was counted before this one.
    fn mark_changed(&self) {
        if !self.changed.swap(true, Ordering::AcqRel) {
            self.wake.notify_one();
        }
    }

    fn enter(&self, run: &Arc<Run>) {
        let mut runs = self.runs();
        runs.numbered += 1;
        run.number(runs.numbered);
        runs.make_room();
        runs.active += 1;
        runs.shown.push_back(run.clone());
    }

    fn leave(&self, run: &Run) {
        let mut runs = self.runs();
        runs.active -= 1;
        runs.remember(run.result());
    }

    /// Never held across an await: the guard does not leave this module.
    fn runs(&self) -> MutexGuard<'_, Runs> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Runs {
    /// A run that comes to an idle shop begins anew; beside others, those that ended just now stay.
    fn make_room(&mut self) {
        let is_idle = self.active == 0;
        self.shown
            .retain(|run| !run.is_over_since(if is_idle { Duration::ZERO } else { KEPT_FOR }));
        if self.shown.len() == ROWS {
            let first_over = self.shown.iter().position(|run| run.is_over()).unwrap_or(0);
            self.shown.remove(first_over);
        }
    }

    /// The same order again takes the place of the old result.
    fn remember(&mut self, result: Tried) {
        let is_same =
            |old: &&mut Tried| (old.step, old.customers) == (result.step, result.customers);
        if let Some(old) = self.tried.iter_mut().find(is_same) {
            *old = result;
            return;
        }
        if self.tried.len() == TRIED {
            self.tried.pop_front();
        }
        self.tried.push_back(result);
    }
}

/// Writes what happens in one visit on the board.
#[derive(Debug)]
pub(crate) struct RunObserver {
    run: Arc<Run>,
    board: Arc<Board>,
}

impl RunObserver {
    pub(crate) fn new(asked: &Asked, board: Arc<Board>) -> Self {
        Self { run: Arc::new(Run::new(asked)), board }
    }
}

impl Observer<Action> for RunObserver {
    fn accepted(&self, customers: u32) {
        if self.run.accept(customers) {
            self.board.enter(&self.run);
        }
        self.board.mark_changed();
    }

    fn event(&self, event: &Event) {
        self.run.event(event);
        self.board.mark_changed();
    }

    fn batch(&self, batch: &Batch<'_>) {
        self.run.batch(batch);
        self.board.mark_changed();
    }

    fn served(&self, customers: u32) {
        self.run.serve(customers);
        self.board.mark_changed();
    }

    fn lost(&self, customers: u32) {
        self.run.lose(customers);
        self.board.mark_changed();
    }

    fn answered(&self, reading: &Reading<'_>) {
        self.run.answer(reading.timeline());
        self.board.mark_changed();
    }

    fn over(&self, reading: &Reading<'_>) {
        self.run.end(reading.timeline());
        self.board.leave(&self.run);
        self.board.mark_changed();
    }
}
