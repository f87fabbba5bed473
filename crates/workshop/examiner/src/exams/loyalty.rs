use std::process::ExitCode;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use coffee::{Action, Durations, Order, OrderLog, Shop, count, seconds};
use futures_util::future::join_all;
use tokio::join;
use tokio::sync::{mpsc, oneshot};

use super::crowd::stamp_on_threads;
use crate::announce::{Verdict, examine};
use crate::look::Look;
use crate::sitting::{After, Sitting, sit};

const CUSTOMERS: u32 = 10;
/// So many stamp requests have room on their way to the actor.
const ROOM: usize = 4;

/// What the customers read on the card, each after their own stamp, and what it says in the end.
#[derive(Debug)]
struct Stamps {
    read: Vec<u32>,
    in_the_end: u32,
}

/// Exercise 10: ten customers have one loyalty card stamped, all at once. `carelessly` is given, and
/// loses stamps; the prediction is what the card says after it. Each stamper pays, which takes 2 s
/// of shop time, stamps, and returns the number that the card says then. The actor answers every
/// request with that number.
///
/// In the end the stampers with the mutex and the atomic work on real threads, for up to 0.3 s of
/// wall time each. The actor does not: one task has the number, wherever the customers are.
pub fn loyalty_counter(
    prediction: Option<u32>,
    carelessly: impl AsyncFn(&Order, &AtomicU32) -> u32,
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
        let mut exam = Exam::default();
        let careless = atomic(&carelessly);
        let outcome = exam
            .careless(predicted, &careless)
            .and_then(|()| exam.passes("with a mutex", &mutex(&with_mutex)))
            .and_then(|()| exam.passes("with an atomic", &atomic(&with_atomic)))
            .and_then(|()| exam.passes("with an actor", &actor_keeps(&actor)))
            .and_then(|()| on_threads("with a mutex", Mutex::new(0), &with_mutex, unlocked))
            .and_then(|()| {
                on_threads("with an atomic", AtomicU32::new(0), &with_atomic, AtomicU32::into_inner)
            })
            .map(|()| {
                "Read, wait, write loses what others wrote in between, each time. A lock, one atomic \
                 step or a single owner makes reading and writing one thing"
                    .to_owned()
            });
        let timeline = exam.last.or(Some(careless.timeline));
        Verdict { timeline, measured: exam.measured, outcome }
    })
}

#[derive(Default)]
struct Exam {
    measured: Vec<String>,
    last: Option<coffee::Timeline>,
}

impl Exam {
    fn careless(&mut self, predicted: u32, sitting: &Sitting<Stamps>) -> Result<(), String> {
        let says = self.measure("carelessly", sitting)?.in_the_end;
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

    fn passes(&mut self, way: &str, sitting: &Sitting<Stamps>) -> Result<(), String> {
        self.last = Some(sitting.timeline.clone());
        let mut read = match self.measure(way, sitting) {
            Ok(stamps) => stamps.read.clone(),
            Err(sentence) => return Err(sentence),
        };
        let look = Look::at(&sitting.timeline);
        look.everybody_is_served()?;
        if let Some(late) = look.of(Action::Pay).find(|pay| !pay.started.is_zero()) {
            return Err(format!(
                "Stamped {way}, customer {} could pay only at {}: nobody needs the card to pay. Pay \
                 first, and then touch the card",
                late.lane,
                seconds(late.started)
            ));
        }
        let says = sitting.returned()?.in_the_end;
        if says != CUSTOMERS {
            return Err(format!(
                "Stamped {way}, the card says {says} after {}: between reading the card and writing \
                 it somebody else wrote. Make the two one step, which nobody comes between",
                count(CUSTOMERS.into(), "customer")
            ));
        }
        read.sort_unstable();
        if let Some((wrong, _)) = read.iter().zip(1..).find(|(read, right)| *read != right) {
            return Err(format!(
                "Stamped {way}, the card is right in the end, but not what the customers were told: \
                 look at the {wrong}. Return what the card says after one's own stamp"
            ));
        }
        look.took_exactly(Duration::from_secs(6), || look.what_waits())
    }

    fn measure<'a>(
        &mut self,
        way: &str,
        sitting: &'a Sitting<Stamps>,
    ) -> Result<&'a Stamps, String> {
        let stamps = sitting.returned()?;
        let line =
            format!("Stamped {way}: {CUSTOMERS} customers, the card says {}", stamps.in_the_end);
        self.measured.push(line);
        Ok(stamps)
    }
}

/// Everybody at once, on one thread: whoever loses a stamp loses it at an await, each time.
async fn everybody(shop: &Shop, stamp: impl AsyncFn(&Order) -> u32) -> Vec<u32> {
    let stamp = &stamp;
    let serve = |order: Order| async move {
        let read = stamp(&order).await;
        order.make_espresso().await;
        order.steam_milk().await;
        read
    };
    join_all(shop.orders(CUSTOMERS).map(serve)).await
}

/// The same on real threads, where others come in between without any await.
fn on_threads<Card: Sync>(
    way: &str,
    card: Card,
    stamp: &(impl AsyncFn(&Order, &Card) -> u32 + Sync),
    read: impl FnOnce(Card) -> u32,
) -> Result<(), String> {
    let stamped = stamp_on_threads(&card, stamp)?;
    let says = read(card);
    if says == stamped {
        return Ok(());
    }
    Err(format!(
        "Stamped {way} on one thread, no stamp is lost, but on several threads the card says {says} \
         after {stamped} stamps: between reading the card and writing it another thread wrote. \
         Without an await in between it is still two steps: make it one, under a single lock or in \
         a single atomic operation"
    ))
}

fn unlocked(card: Mutex<u32>) -> u32 {
    card.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn mutex(stamp: &impl AsyncFn(&Order, &Mutex<u32>) -> u32) -> Sitting<Stamps> {
    sit(Durations::default(), After::Settle, async |shop: &Shop, _: &OrderLog| {
        let card = Mutex::new(0);
        let read = everybody(shop, async |order: &Order| stamp(order, &card).await).await;
        let in_the_end = *card.lock().unwrap_or_else(PoisonError::into_inner);
        Stamps { read, in_the_end }
    })
}

fn atomic(stamp: &impl AsyncFn(&Order, &AtomicU32) -> u32) -> Sitting<Stamps> {
    sit(Durations::default(), After::Settle, async |shop: &Shop, _: &OrderLog| {
        let card = AtomicU32::new(0);
        let read = everybody(shop, async |order: &Order| stamp(order, &card).await).await;
        Stamps { read, in_the_end: card.load(Ordering::Relaxed) }
    })
}

fn actor_keeps(actor: &impl AsyncFn(mpsc::Receiver<oneshot::Sender<u32>>)) -> Sitting<Stamps> {
    sit(Durations::default(), After::Settle, async |shop: &Shop, _: &OrderLog| {
        let (desk, requests) = mpsc::channel(ROOM);
        let customers = async move {
            let ask = async |order: &Order| {
                order.pay_for_coffee().await;
                let (answer, answered) = oneshot::channel();
                // An actor that is gone answers nobody, and 0 is what its card says.
                let _ = desk.send(answer).await;
                answered.await.unwrap_or(0)
            };
            everybody(shop, ask).await
        };
        let (read, ()) = join!(customers, actor(requests));
        let in_the_end = read.iter().copied().max().unwrap_or(0);
        Stamps { read, in_the_end }
    })
}
