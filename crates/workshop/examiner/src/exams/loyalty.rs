use std::process::ExitCode;

use coffee::{Action, Order, count, seconds};
use tokio::sync::{mpsc, oneshot};

use super::stamps::{Stamps, actor_keeps, atomic, mutex, unlocked};
use super::{Case, even, uneven};
use crate::announce::{Drawing, Verdict, examine};
use crate::card::{AtomicU32, Mutex};
use crate::interleaved::{Steps, interleaved};
use crate::look::Look;
use crate::sitting::{Sitting, unhurried};

const CUSTOMERS: u32 = 10;
/// More than any number in the exercise.
const MANY: u32 = 137;

/// Exercise 10: ten customers have one loyalty card stamped, all at once. `carelessly` is given, and
/// loses stamps; the prediction is what the card says after it. Each stamper pays, which takes 2 s
/// of shop time, stamps, and returns the number that the card says then. The actor answers every
/// request with that number.
///
/// In the end the stampers with the mutex and the atomic work on threads that take turns, with
/// another customer between any two accesses to the card. The actor does not: one task has the
/// number, wherever the customers are.
pub fn loyalty_counter(
    prediction: Option<u32>,
    carelessly: impl AsyncFn(&Order, &AtomicU32) -> u32 + Sync,
    with_mutex: impl AsyncFn(&Order, &Mutex<u32>) -> u32 + Sync,
    with_atomic: impl AsyncFn(&Order, &AtomicU32) -> u32 + Sync,
    actor: impl AsyncFn(mpsc::Receiver<oneshot::Sender<u32>>),
) -> ExitCode {
    examine(|| {
        let Some(predicted) = prediction else {
            return Verdict::before_any_run(format!(
                "Predict first: {CUSTOMERS} customers have the card stamped carelessly; what does it \
                 say then? Put the number into PREDICTION_STAMPS, such as Some(7)"
            ));
        };
        let mut measured = Vec::new();
        let mut way = |way: &'static str, run: &dyn Fn(Case) -> Sitting<Stamps>| {
            [even(CUSTOMERS), uneven(CUSTOMERS), even(MANY)].into_iter().try_for_each(|case| {
                let sitting = unhurried(|| run(case));
                if case.customers == CUSTOMERS && case.pace == crate::shops::EVEN {
                    measured.extend(measure(way, &sitting));
                }
                judge(way, case, &sitting)
                    .map_err(|complaint| Verdict::on(&sitting, Err(complaint)))
            })
        };
        let careless = atomic(even(CUSTOMERS), &carelessly);
        let outcome = judge_careless(predicted, &careless)
            .map_err(|complaint| Verdict::on(&careless, Err(complaint)))
            .and_then(|()| way("with a mutex", &|case| mutex(case, &with_mutex)))
            .and_then(|()| way("with an atomic", &|case| atomic(case, &with_atomic)))
            .and_then(|()| way("with an actor", &|case| actor_keeps(case, &actor)))
            .and_then(|()| on_threads("with a mutex", || Mutex::new(0), &with_mutex, unlocked))
            .and_then(|()| {
                let new = || AtomicU32::new(0);
                on_threads("with an atomic", new, &with_atomic, AtomicU32::into_inner)
            });
        measured.splice(0..0, measure("carelessly", &careless));
        let praise = "Read, wait, write loses what others wrote in between, each time. A lock, one \
                      atomic step or a single owner makes reading and writing one thing";
        let verdict = match outcome {
            Ok(()) => Verdict::on(&careless, Ok(praise.to_owned())),
            Err(verdict) => verdict,
        };
        // Where the lesson is what carelessly does, the picture is of the card.
        match (verdict.shop == Some(careless.number)).then(|| how_it_is_lost(&carelessly)).flatten()
        {
            Some(steps) => Verdict { drawing: Drawing::Steps(steps), measured, ..verdict },
            None => Verdict { measured, ..verdict },
        }
    })
}

/// How two customers lose a stamp, access by access.
fn how_it_is_lost(stamp: &(impl AsyncFn(&Order, &AtomicU32) -> u32 + Sync)) -> Option<Steps> {
    let is_lost = |card: AtomicU32, told: &[u32], steps| {
        (card.into_inner() as usize != told.len()).then(|| (String::new(), steps))
    };
    interleaved(&|| AtomicU32::new(0), stamp, is_lost).err().and_then(|(_, steps)| steps)
}

fn measure(way: &str, sitting: &Sitting<Stamps>) -> Option<String> {
    let stamps = sitting.returned().ok()?;
    let says = stamps.in_the_end.or_else(|| stamps.told.iter().copied().max())?;
    Some(format!("Stamped {way}: {CUSTOMERS} customers, the card says {says}"))
}

fn judge_careless(predicted: u32, sitting: &Sitting<Stamps>) -> Result<(), String> {
    let says = sitting.returned()?.in_the_end.unwrap_or_default();
    if says != 1 {
        return Err(format!(
            "carelessly is given, and loses stamps: leave it as it is. Here the card says {says} \
             after it, and your own three come below"
        ));
    }
    if predicted != says {
        return Err(format!(
            "You predicted that the card says {predicted}, and it says {says}: all {CUSTOMERS} \
             read 0, then all pay, and then each writes 1. Correct PREDICTION_STAMPS"
        ));
    }
    Ok(())
}

fn judge(way: &str, case: Case, sitting: &Sitting<Stamps>) -> Result<(), String> {
    let stamps = sitting.returned().map_err(|sentence| format!("Stamped {way}: {sentence}"))?;
    sitting.is_woken()?;
    let look = Look::at(&sitting.timeline);
    look.all_are_served(case.customers)?;
    if let Some(late) = look.of(Action::Pay).find(|pay| !pay.started.is_zero()) {
        return Err(format!(
            "Stamped {way}, customer {} could pay only at {}: to pay, the card is not needed. Pay \
             first, and then touch the card",
            late.lane,
            seconds(late.started)
        ));
    }
    if stamps.unanswered > 0 {
        return Err(format!(
            "Stamped {way}, {} of {} got no answer: the actor answers each request as it comes, and \
             goes on until recv gives None",
            stamps.unanswered,
            count(case.customers.into(), "customer")
        ));
    }
    if let Some(says) = stamps.in_the_end.filter(|says| *says > case.customers) {
        return Err(format!(
            "Stamped {way}, the card says {says} after {}: the number is on the card and nowhere else, \
             and each customer adds one",
            count(case.customers.into(), "customer"),
        ));
    }
    if let Some(says) = stamps.in_the_end.filter(|says| *says != case.customers) {
        return Err(format!(
            "Stamped {way}, the card says {says} after {}: between reading the card and writing it \
             another customer wrote. Make the two one step, so that none comes between",
            count(case.customers.into(), "customer")
        ));
    }
    judge_told(way, &stamps.told)?;
    judge_sequence(way, case, &stamps.told)?;
    look.took_exactly(case.pace.longest_coffee(case.customers), || look.what_waits())?;
    sitting.blocks_no_thread()
}

/// The card went up one by one, so each number is told exactly once.
fn judge_told(way: &str, told: &[u32]) -> Result<(), String> {
    let mut told = told.to_vec();
    told.sort_unstable();
    match told.iter().zip(1..).find(|(told, right)| *told != right) {
        None => Ok(()),
        Some((wrong, _)) => Err(format!(
            "Stamped {way}, the card is right in the end, but not what the customers were told: {}. \
             Return what the card says right after one's own stamp, from the same step",
            match told.iter().filter(|told| *told == wrong).count() {
                1 => format!("one of them heard {wrong}"),
                several => format!("{several} of them heard {wrong}"),
            }
        )),
    }
}

/// A customer who has paid earlier has the lower number.
fn judge_sequence(way: &str, case: Case, told: &[u32]) -> Result<(), String> {
    let paid = |customer: usize| case.pace.of(customer as u32 + 1).pay;
    for (one, earlier) in told.iter().enumerate() {
        for (other, later) in told.iter().enumerate() {
            if paid(one) < paid(other) && earlier > later {
                return Err(format!(
                    "Stamped {way}, customer {} was told {earlier} and customer {}, who paid later, \
                     {later}: the number is what the card says after the stamp",
                    one + 1,
                    other + 1
                ));
            }
        }
    }
    Ok(())
}

/// The same on threads, where others come in between without any await.
fn on_threads<Card: Sync>(
    way: &str,
    new: impl Fn() -> Card,
    stamp: &(impl AsyncFn(&Order, &Card) -> u32 + Sync),
    read: impl Fn(Card) -> u32,
) -> Result<(), Verdict> {
    interleaved(&new, stamp, |card, told, steps| {
        let (says, stamped) = (read(card), told.len());
        let complaint = match says as usize == stamped {
            true => judge_told(way, told).err()?,
            false if stamped == 1 => format!(
                "Stamped {way} by a single customer, the card says {says}, as above: an exchange that \
                 fails writes nothing, and a weak one may fail for no reason. Look at what it returns, \
                 and try again"
            ),
            false => format!(
                "Stamped {way} on one thread, no stamp is lost, but on several threads the card says \
                 {says} after {}: between reading the card and writing it another thread wrote, as \
                 above. Without an await in between it is still two steps: make it one, under a single \
                 lock or in a single atomic operation",
                count(stamped as u64, "stamp")
            ),
        };
        Some((complaint, steps))
    })
    .map_err(|(complaint, steps)| Verdict {
        drawing: steps.map_or(Drawing::Nothing, Drawing::Steps),
        shop: None,
        measured: Vec::new(),
        outcome: Err(complaint),
    })
}
