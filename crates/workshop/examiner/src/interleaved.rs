//! The stampers of exercise 10 on threads.
//!
//! On a paused clock and one thread only an await lets others in, so that a read and a write without
//! an await between them look like one step. On threads they are not.

use std::sync::{Arc, Barrier};
use std::thread;

use coffee::{Durations, Order, Shop};
use tokio::runtime::Builder;

use crate::panics;
use crate::turns::{ALL, Step, Turn, Turns};

/// More accesses than any stamp needs; beyond them the next customers do the same again.
const MOST_ACCESSES: usize = 8;

/// What happened on the card, access by access, and whose it was.
#[derive(Clone, Debug)]
pub(crate) struct Steps {
    steps: Vec<Step>,
}

/// Has a new card stamped by two and by three customers, each on a thread of their own, once for
/// each way in which others can come in between the accesses of one of them. Gives what `judge`
/// first complains about, or that a stamper panicked.
pub(crate) fn interleaved<Card: Sync>(
    new: &impl Fn() -> Card,
    stamp: &(impl AsyncFn(&Order, &Card) -> u32 + Sync),
    judge: impl Fn(Card, &[u32], Steps) -> Option<(String, Steps)>,
) -> Result<(), (String, Option<Steps>)> {
    panics::watch();
    let _ = panics::take();
    let one = |customers, plan: &[Turn]| {
        let card = new();
        let turns = Turns::new(customers, plan);
        let told = on_threads(customers, &turns, &card, stamp);
        let steps = Steps { steps: turns.steps() };
        if let Some(panic) = panics::take() {
            return Err((panic.sentence(), Some(steps)));
        }
        judge(card, &told, steps)
            .map_or(Ok(turns.steps().len()), |(complaint, steps)| Err((complaint, Some(steps))))
    };
    let accesses = one(1, &[])?.clamp(1, MOST_ACCESSES);
    two(accesses).try_for_each(|plan| one(2, &plan).map(drop))?;
    three(accesses).try_for_each(|plan| one(3, &plan).map(drop))
}

fn turn(seat: usize, accesses: usize) -> Turn {
    Turn { seat, accesses }
}

/// Another customer comes in between any two accesses, from either side.
fn two(accesses: usize) -> impl Iterator<Item = Vec<Turn>> {
    (1..=accesses).flat_map(|first| {
        [[0, 1], [1, 0]]
            .map(|[one, other]| vec![turn(one, first), turn(other, ALL), turn(one, ALL)])
    })
}

/// Two others come in, one after the other or one within the other.
fn three(accesses: usize) -> impl Iterator<Item = Vec<Turn>> {
    (1..=accesses).flat_map(move |first| {
        (1..=accesses).flat_map(move |second| {
            [
                vec![turn(0, first), turn(1, ALL), turn(0, second), turn(2, ALL)],
                vec![turn(0, first), turn(1, second), turn(2, ALL), turn(1, ALL)],
            ]
        })
    })
}

/// Gives what each customer was told. Time is paused on each thread, so that paying takes none.
fn on_threads<Card: Sync>(
    customers: usize,
    turns: &Arc<Turns>,
    card: &Card,
    stamp: &(impl AsyncFn(&Order, &Card) -> u32 + Sync),
) -> Vec<u32> {
    let ready = Barrier::new(customers);
    let orders: Vec<_> = Shop::new(Durations::default()).orders(customers as u32).collect();
    let one_customer = |seat: usize, order: &Order| {
        let runtime = Builder::new_current_thread().enable_time().start_paused(true).build();
        let runtime = runtime.expect("a runtime without I/O needs nothing that could be refused");
        let _seat = turns.sit(seat);
        ready.wait();
        runtime.block_on(stamp(order, card))
    };
    thread::scope(|scope| {
        let one_customer = &one_customer;
        let stampers: Vec<_> = orders
            .iter()
            .enumerate()
            .map(|(seat, order)| scope.spawn(move || one_customer(seat, order)))
            .collect();
        stampers.into_iter().map(|stamper| stamper.join().unwrap_or(0)).collect()
    })
}

impl Steps {
    /// A line for each access, in columns by customer where there is room.
    pub(crate) fn draw(&self, columns: usize) -> String {
        const WIDE: usize = 20;
        let customers = self.steps.iter().map(|step| step.seat + 1).max().unwrap_or(0);
        let in_columns = 4 + WIDE * customers <= columns;
        let mut lines = Vec::new();
        if in_columns {
            let names = (1..=customers).map(|c| format!("{:WIDE$}", format!("customer {c}")));
            lines.push(format!("    {}", names.collect::<String>()));
        }
        for (i, Step { seat, what }) in self.steps.iter().enumerate() {
            lines.push(match in_columns {
                true => format!("{:2}  {}{what}", i + 1, " ".repeat(WIDE * seat)),
                false => format!("{:2}  customer {}: {what}", i + 1, seat + 1),
            });
        }
        let lines: Vec<_> = lines.iter().map(|line| line.trim_end()).collect();
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering::Relaxed;

    use super::*;
    use crate::card::{AtomicU32, Mutex};

    /// One at a time: there is one place for panics in a process.
    static ONE: std::sync::Mutex<()> = std::sync::Mutex::new(());

    fn lost<Card: Sync>(
        new: impl Fn() -> Card,
        stamp: impl AsyncFn(&Order, &Card) -> u32 + Sync,
        read: impl Fn(Card) -> u32,
    ) -> Option<String> {
        let _one = ONE.lock();
        let judge = |card, told: &[u32], steps: Steps| {
            let says = read(card) as usize;
            (says != told.len()).then(|| (format!("{says} of {}", told.len()), steps))
        };
        interleaved(&new, &stamp, judge).err().map(|(complaint, steps)| {
            format!("{complaint}\n{}", steps.map_or_else(String::new, |steps| steps.draw(80)))
        })
    }

    #[test]
    fn one_step_loses_no_stamp() {
        let atomic = async |_: &Order, card: &AtomicU32| card.fetch_add(1, Relaxed) + 1;
        assert_eq!(lost(|| AtomicU32::new(0), atomic, AtomicU32::into_inner), None);
        let mutex = async |_: &Order, card: &Mutex<u32>| {
            let mut stamps = card.lock().expect("no stamper panics");
            *stamps += 1;
            *stamps
        };
        assert_eq!(lost(|| Mutex::new(0), mutex, |card| card.into_inner().expect("fine")), None);
    }

    #[test]
    fn two_steps_lose_a_stamp_each_time_and_one_sees_how() {
        let two_steps = async |_: &Order, card: &AtomicU32| {
            let stamps = card.load(Relaxed);
            card.store(stamps + 1, Relaxed);
            stamps + 1
        };
        for _ in 0..20 {
            let complaint = lost(|| AtomicU32::new(0), two_steps, AtomicU32::into_inner);
            assert_eq!(
                complaint.as_deref(),
                Some(
                    "1 of 2\n    customer 1          customer 2\n \
                     1  reads 0\n \
                     2                      reads 0\n \
                     3                      writes 1\n \
                     4  writes 1"
                )
            );
        }
    }

    /// What one other customer in between cannot show.
    #[test]
    fn an_exchange_that_is_tried_only_twice_loses_a_stamp_to_two_others() {
        let twice = async |_: &Order, card: &AtomicU32| {
            let stamps = card.load(Relaxed);
            match card.compare_exchange(stamps, stamps + 1, Relaxed, Relaxed) {
                Ok(_) => stamps + 1,
                Err(is) => {
                    card.store(is + 1, Relaxed);
                    is + 1
                }
            }
        };
        let complaint = lost(|| AtomicU32::new(0), twice, AtomicU32::into_inner);
        assert!(complaint.expect("it is lost").starts_with("2 of 3"));
    }

    /// The others go on when one waits behind a lock that is not the card's.
    #[test]
    fn a_lock_of_ones_own_around_two_steps_is_right() {
        static OWN: std::sync::Mutex<()> = std::sync::Mutex::new(());
        let guarded = async |_: &Order, card: &AtomicU32| {
            let _guard = OWN.lock().expect("no stamper panics");
            let stamps = card.load(Relaxed);
            card.store(stamps + 1, Relaxed);
            stamps + 1
        };
        assert_eq!(lost(|| AtomicU32::new(0), guarded, AtomicU32::into_inner), None);
    }

    #[test]
    fn a_panic_on_a_thread_is_told() {
        let panics = async |_: &Order, _: &AtomicU32| panic!("no ink");
        let told = lost(|| AtomicU32::new(0), panics, AtomicU32::into_inner);
        assert!(told.expect("it panicked").contains(": no ink"));
    }
}
