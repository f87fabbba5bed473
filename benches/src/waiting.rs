//! The opposite experiment: customers who wait, on threads and on tasks.

use std::io;
use std::num::NonZeroUsize;
use std::thread;
use std::time::Duration;

use coffee::{Durations, Shop};
use menu::Step;
use rayon::ThreadPool;
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use tokio::runtime::Runtime;

/// How long each of a customer's three actions takes here, in wall time: a 400th of the talk's
/// 2 s, because these waits are real, and there are many of them.
pub const ACTION: Duration = Duration::from_millis(5);

/// Where customers wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// On rayon's pool, which has a thread for each core: 6 s x N / threads in the talk's time.
    Rayon,
    /// On a thread each.
    Threads,
    /// On a task each: step 4.
    Tasks,
}

impl Place {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Rayon, Self::Threads, Self::Tasks];

    /// What to call the place.
    #[must_use]
    pub fn curve(self, cores: NonZeroUsize) -> String {
        match self {
            Self::Rayon => format!("rayon's pool, {cores} threads"),
            Self::Threads => "a thread each".to_owned(),
            Self::Tasks => "a task each".to_owned(),
        }
    }

    /// For how many customers to measure it. The pool makes them queue, which 100 show; threads go
    /// on to where they hurt: 10,000 of them take some 150 MB, and a system may refuse them.
    #[must_use]
    pub const fn customers(self) -> &'static [u32] {
        match self {
            Self::Rayon => &[1, 3, 10, 30, 100],
            Self::Threads | Self::Tasks => &[1, 3, 10, 30, 100, 1_000, 10_000],
        }
    }

    /// Serves the customers and comes back when all are served.
    ///
    /// # Errors
    ///
    /// When the operating system refuses a thread, once those that it granted have ended.
    pub fn wait(self, customers: u32, pool: &ThreadPool, runtime: &Runtime) -> io::Result<()> {
        match self {
            Self::Rayon => pool.install(|| {
                (0..customers).into_par_iter().for_each(|_| wait_on_this_thread());
            }),
            Self::Threads => thread::scope(|scope| {
                let thread = |_| thread::Builder::new().spawn_scoped(scope, wait_on_this_thread);
                (0..customers).try_for_each(|number| thread(number).map(drop))
            })?,
            Self::Tasks => {
                let shop = Shop::new(Durations::each(ACTION));
                runtime.block_on(Step::Joined.serve(&shop, customers));
            }
        }
        Ok(())
    }
}

/// A customer's three actions, one after another.
#[expect(clippy::disallowed_methods, reason = "that it stops the thread is what is shown here")]
fn wait_on_this_thread() {
    (0..3).for_each(|_| thread::sleep(ACTION));
}
