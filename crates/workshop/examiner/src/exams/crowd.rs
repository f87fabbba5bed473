//! The stampers of exercise 10 on real threads.
//!
//! On a paused clock and one thread only an await lets others in, so that a read and a write without
//! an await between them look like one step. On threads they are not.

use std::hint;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Waker};
use std::thread;
use std::time::{Duration, Instant};

use coffee::{Durations, Order, Shop};
use futures_util::future::{join_all, maybe_done};
use tokio::runtime::Builder;
use tokio::task::unconstrained;
use tokio::time::advance;

use crate::panics;

/// Two meet more often than more do, if there are only two cores.
const THREADS: usize = 2;
/// So many customers of a thread have paid at the same moment, and stamp without a pause.
const AT_ONCE: u32 = 3000;
/// Wall time. Chance decides who meets whom, so there are as many rounds as this has room for. On a
/// single core only an interruption lets another thread in: a stamp may be lost there, or not.
const AT_MOST: Duration = Duration::from_millis(300);
/// Wall time that a thread waits for the others before they stamp.
const PATIENCE: Duration = Duration::from_millis(5);

/// Has the card stamped on several threads, and gives how many stamps there were. A stamper that
/// panicked is the sentence that says so.
pub(super) fn stamp_on_threads<Card: Sync>(
    card: &Card,
    stamp: &(impl AsyncFn(&Order, &Card) -> u32 + Sync),
) -> Result<u32, String> {
    panics::watch();
    let _ = panics::take();
    let meeting = AtomicUsize::new(0);
    let stamped = thread::scope(|scope| {
        let one = || one_thread(&meeting, card, stamp);
        let stampers: Vec<_> = (0..THREADS).map(|_| scope.spawn(one)).collect();
        stampers.into_iter().map(|stamper| stamper.join().unwrap_or(0)).sum()
    });
    match panics::take() {
        Some(panic) => Err(panic.sentence()),
        None => Ok(stamped),
    }
}

/// Time is paused on each thread, so that paying takes none.
fn one_thread<Card>(
    meeting: &AtomicUsize,
    card: &Card,
    stamp: &impl AsyncFn(&Order, &Card) -> u32,
) -> u32 {
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build();
    let runtime = runtime.expect("a runtime without I/O needs nothing that could be refused");
    let shop = Shop::new(Durations::default());
    let began = now();
    let rounds = (1..).take_while(|_| now() - began < AT_MOST);
    rounds
        .map(|round| {
            let stamp = async |order: Order| stamp(&order, card).await;
            let round = one_round(shop.orders(AT_ONCE).map(stamp), || meet(meeting, round));
            // So much work without a pause is more than tokio lets one task do otherwise.
            runtime.block_on(unconstrained(round));
            AT_ONCE
        })
        .sum()
}

/// Everybody begins to pay; the threads meet; everybody has paid.
async fn one_round(customers: impl Iterator<Item: Future>, meet: impl FnOnce()) {
    let mut customers: Vec<_> = customers.map(|customer| Box::pin(maybe_done(customer))).collect();
    let mut poll_all = || {
        for customer in &mut customers {
            let _ = customer.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        }
    };
    poll_all();
    advance(Durations::default().pay).await;
    meet();
    poll_all();
    // Whoever waited for more than paying.
    join_all(customers).await;
}

/// Waits until every thread is here, but not for one that panicked or is done.
fn meet(meeting: &AtomicUsize, round: usize) {
    let began = now();
    meeting.fetch_add(1, Ordering::Relaxed);
    while meeting.load(Ordering::Relaxed) < round * THREADS && now() - began < PATIENCE {
        hint::spin_loop(); // whoever sleeps comes too late
    }
}

#[expect(clippy::disallowed_methods, reason = "threads are real, and so is the time they take")]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

    use super::*;

    #[test]
    fn one_step_loses_no_stamp() {
        let atomic = AtomicU32::new(0);
        let stamped = stamp_on_threads(&atomic, &async |order: &Order, card: &AtomicU32| {
            order.pay_for_coffee().await;
            card.fetch_add(1, Relaxed) + 1
        });
        assert_eq!(stamped, Ok(atomic.into_inner()));

        let mutex = Mutex::new(0);
        let stamped = stamp_on_threads(&mutex, &async |order: &Order, card: &Mutex<u32>| {
            order.pay_for_coffee().await;
            let mut stamps = card.lock().expect("nobody panics");
            *stamps += 1;
            *stamps
        });
        assert_eq!(stamped, Ok(mutex.into_inner().expect("nobody panics")));
    }

    #[test]
    fn a_panic_on_a_thread_is_told() {
        let told = stamp_on_threads(&(), &async |_: &Order, (): &()| panic!("no ink"));
        assert!(told.expect_err("it panicked").ends_with(": no ink"));
    }
}
