//! How one thread knows that a wait is over: it asks no task again and again, it is told.
//!
//! This is an executor of a screenful, on the standard library alone. A task that cannot go on
//! leaves its [`Waker`] with the [`Timer`]; the thread polls the tasks in its queue, and when the
//! queue is empty it sleeps until the earliest deadline, at which the timer calls the waker, which
//! puts the task back into the queue. `cargo run --example executor` serves coffee with it.
//!
//! The caller gives [`Executor::run`] the sleep. One that returns at once is a paused clock: the
//! same code, in the same order, at the same shop times.
//!
//! Where it stops: one thread, no network, no cancellation, and a deadline that no longer matters
//! is still waited for. tokio does all of that, and asks the operating system about sockets in the
//! same sleep.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

/// The tasks that may go on, by number. Wakers are `Send`, hence the lock.
#[derive(Debug, Default)]
struct Queue(Mutex<VecDeque<usize>>);

impl Queue {
    fn push(&self, task: usize) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push_back(task);
    }

    fn pop(&self) -> Option<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }
}

/// Puts its task back into the queue.
struct Wakes {
    task: usize,
    queue: Arc<Queue>,
}

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.queue.push(self.task);
    }
}

/// The time, and who is to be woken when.
#[derive(Clone, Debug, Default)]
pub struct Timer(Rc<RefCell<Deadlines>>);

#[derive(Debug, Default)]
struct Deadlines {
    now: Duration,
    waiting: BTreeMap<Duration, Vec<Waker>>,
}

impl Timer {
    /// The shop time since the executor was made.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.0.borrow().now
    }

    /// Waits for a duration in shop time.
    #[must_use]
    pub fn wait(&self, duration: Duration) -> Wait {
        Wait { timer: self.clone(), until: self.now() + duration }
    }

    fn earliest(&self) -> Option<Duration> {
        self.0.borrow().waiting.keys().next().copied()
    }

    fn advance(&self, now: Duration) {
        let mut deadlines = self.0.borrow_mut();
        deadlines.now = now;
        deadlines.waiting.remove(&now).into_iter().flatten().for_each(Waker::wake);
    }
}

/// A wait that is under way. See [`Timer::wait`].
#[derive(Debug)]
pub struct Wait {
    timer: Timer,
    until: Duration,
}

impl Future for Wait {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut deadlines = self.timer.0.borrow_mut();
        if deadlines.now >= self.until {
            return Poll::Ready(());
        }
        let waker = context.waker().clone();
        deadlines.waiting.entry(self.until).or_default().push(waker);
        Poll::Pending
    }
}

/// Tasks wait for something that will never come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stuck {
    /// How many.
    pub tasks: usize,
}

type Task = Pin<Box<dyn Future<Output = ()>>>;

/// Runs tasks on the thread that calls it.
#[derive(Default)]
pub struct Executor {
    tasks: Vec<Option<Task>>,
    queue: Arc<Queue>,
    timer: Timer,
}

impl std::fmt::Debug for Executor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Executor").field("tasks", &self.tasks.len()).finish_non_exhaustive()
    }
}

impl Executor {
    /// The time of its tasks.
    #[must_use]
    pub fn timer(&self) -> Timer {
        self.timer.clone()
    }

    /// Takes a task, which begins when the executor runs.
    pub fn spawn(&mut self, task: impl Future<Output = ()> + 'static) {
        self.queue.push(self.tasks.len());
        self.tasks.push(Some(Box::pin(task)));
    }

    /// Runs until all tasks are done, and returns how often it has polled one. `sleep` is how the
    /// thread waits: for the shop time that it is given, or not at all.
    ///
    /// # Errors
    ///
    /// When tasks are left, and no deadline is.
    pub fn run(&mut self, mut sleep: impl FnMut(Duration)) -> Result<usize, Stuck> {
        let mut polls = 0;
        loop {
            while let Some(task) = self.queue.pop() {
                polls += usize::from(self.poll(task));
            }
            let Some(deadline) = self.timer.earliest() else { break };
            sleep(deadline - self.timer.now());
            self.timer.advance(deadline);
        }
        match self.tasks.iter().flatten().count() {
            0 => Ok(polls),
            tasks => Err(Stuck { tasks }),
        }
    }

    /// Lets a task go on until its next wait. Whether there was such a task.
    fn poll(&mut self, number: usize) -> bool {
        let waker = Arc::new(Wakes { task: number, queue: Arc::clone(&self.queue) }).into();
        let slot = &mut self.tasks[number];
        let Some(task) = slot else { return false };
        if task.as_mut().poll(&mut Context::from_waker(&waker)).is_ready() {
            *slot = None;
        }
        true
    }
}
