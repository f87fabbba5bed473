//! Threads that take turns at something they share, so that an interleaving is no matter of luck.
//!
//! Each thread has a seat and announces each access. Only the thread whose turn it is makes its
//! access; a plan says after how many accesses the turn goes to which other. So every way in which
//! one thread can come in between another's accesses is tried, on one core or on many.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Wall time without any access after which the thread whose turn it is must wait for another one
/// in a way that is not seen here, behind a lock of the attendee's own.
const STUCK: Duration = Duration::from_millis(10);
/// More accesses than this of all threads together are a loop without an end.
const MOST: usize = 2_000;
/// So many accesses in one turn are a loop that waits for another thread.
const SPIN: usize = 50;

/// A thread has the turn for so many accesses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Turn {
    pub(crate) seat: usize,
    pub(crate) accesses: usize,
}

/// The whole of a thread's accesses.
pub(crate) const ALL: usize = usize::MAX;

/// One access, as it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) seat: usize,
    pub(crate) what: String,
}

#[derive(Debug)]
pub(crate) struct Turns {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug)]
struct State {
    now: Turn,
    /// Accesses since this turn began.
    used: usize,
    plan: VecDeque<Turn>,
    done: Vec<bool>,
    /// The number of each thread's last access.
    last: Vec<usize>,
    total: usize,
    steps: Vec<Step>,
}

thread_local! {
    static SEAT: RefCell<Option<(Arc<Turns>, usize)>> = const { RefCell::new(None) };
}

/// A thread's place at the table; dropping it leaves the table.
#[derive(Debug)]
pub(crate) struct Seat {
    turns: Arc<Turns>,
    seat: usize,
}

impl Turns {
    pub(crate) fn new(seats: usize, plan: &[Turn]) -> Arc<Self> {
        let rest = (0..seats).map(|seat| Turn { seat, accesses: ALL });
        let mut plan: VecDeque<_> = plan.iter().copied().chain(rest).collect();
        let now = plan.pop_front().unwrap_or(Turn { seat: 0, accesses: ALL });
        let state = State {
            now,
            used: 0,
            plan,
            done: vec![false; seats],
            last: vec![0; seats],
            total: 0,
            steps: Vec::new(),
        };
        Arc::new(Self { state: Mutex::new(state), changed: Condvar::new() })
    }

    /// Seats the thread that calls.
    pub(crate) fn sit(self: &Arc<Self>, seat: usize) -> Seat {
        SEAT.set(Some((Arc::clone(self), seat)));
        Seat { turns: Arc::clone(self), seat }
    }

    /// What happened, in this order.
    pub(crate) fn steps(&self) -> Vec<Step> {
        self.state().steps.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the turn of this seat, and uses one access of it.
    #[track_caller]
    fn wait_for(&self, seat: usize) {
        let mut state = self.state();
        loop {
            if state.now.seat == seat {
                if state.used < state.now.accesses.min(SPIN) {
                    break;
                }
                if state.used >= SPIN {
                    state.lend(seat);
                }
                state.pass_on();
                self.changed.notify_all();
                continue;
            }
            let before = state.total;
            let (woken, timeout) =
                self.changed.wait_timeout(state, STUCK).unwrap_or_else(PoisonError::into_inner);
            state = woken;
            if timeout.timed_out() && state.total == before && state.now.seat != seat {
                // This thread is at the table, and may hold what the other one waits for.
                let stuck = state.now.seat;
                state.plan.push_front(Turn { seat: stuck, accesses: ALL });
                state.plan.push_front(Turn { seat, accesses: 1 });
                state.pass_on();
            }
        }
        state.used += 1;
        state.total += 1;
        state.last[seat] = state.total;
        assert!(state.total < MOST, "stuck: the card is read and written without an end");
    }

    fn leave(&self, seat: usize) {
        let mut state = self.state();
        state.done[seat] = true;
        state.total += 1;
        if state.now.seat == seat {
            state.pass_on();
        }
        self.changed.notify_all();
    }
}

impl State {
    /// Lets each other thread make an access before this one goes on; the one whose last access is the
    /// longest ago comes first, or two that wait for a third could pass the turn to and fro.
    fn lend(&mut self, seat: usize) {
        self.plan.push_front(Turn { seat, accesses: ALL });
        let others = (0..self.last.len()).filter(|other| *other != seat && !self.done[*other]);
        let mut others: Vec<_> = others.collect();
        others.sort_by_key(|other| Reverse(self.last[*other]));
        for seat in others {
            self.plan.push_front(Turn { seat, accesses: 1 });
        }
    }

    /// The next turn of a thread that is not done. When all are, it does not matter.
    fn pass_on(&mut self) {
        self.used = 0;
        while let Some(next) = self.plan.pop_front() {
            if !self.done[next.seat] {
                self.now = next;
                return;
            }
        }
        if let Some(seat) = self.done.iter().position(|done| !done) {
            self.now = Turn { seat, accesses: ALL };
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        SEAT.set(None);
        self.turns.leave(self.seat);
    }
}

/// Whether the thread that calls has a seat.
pub(crate) fn takes_turns() -> bool {
    SEAT.with_borrow(Option::is_some)
}

/// Comes before an access to what is shared. Returns at once on a thread without a seat.
#[track_caller]
pub(crate) fn before_access() {
    if let Some((turns, seat)) = SEAT.with_borrow(Clone::clone) {
        turns.wait_for(seat);
    }
}

/// Comes after an access, to tell what it was.
pub(crate) fn tell(what: impl FnOnce() -> String) {
    if let Some((turns, seat)) = SEAT.with_borrow(Clone::clone) {
        turns.state().steps.push(Step { seat, what: what() });
    }
}

/// Lets the others go on, because this thread can only wait. `false` on a thread without a seat.
#[track_caller]
pub(crate) fn wait_for_others() -> bool {
    let Some((turns, seat)) = SEAT.with_borrow(Clone::clone) else { return false };
    let mut state = turns.state();
    state.total += 1;
    assert!(state.total < MOST, "stuck: the card is locked, and is never unlocked again");
    if state.now.seat == seat {
        state.lend(seat);
        state.pass_on();
    }
    turns.changed.notify_all();
    true
}
