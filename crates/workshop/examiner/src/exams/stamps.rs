//! The stampers of exercise 10 on one thread.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use coffee::{Order, OrderLog, Shop};
use futures_util::future::join_all;
use tokio::join;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use super::Case;
use crate::card::{AtomicU32, Mutex};
use crate::sitting::{After, Sitting, sit};

/// So many stamp requests have room on their way to the actor.
const ROOM: usize = 4;

/// What each customer was told after their own stamp, and what the card says in the end, where the
/// examiner has it.
#[derive(Debug)]
pub(crate) struct Stamps {
    pub(crate) told: Vec<u32>,
    /// How many customers got no answer.
    pub(crate) unanswered: usize,
    pub(crate) in_the_end: Option<u32>,
}

pub(crate) fn unlocked(card: Mutex<u32>) -> u32 {
    card.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// All at once, on one thread: a stamp that is lost is lost at an await, each time.
async fn all_at_once(shop: &Shop, customers: u32, stamp: impl AsyncFn(&Order) -> u32) -> Vec<u32> {
    let stamp = &stamp;
    let serve = |order: Order| async move {
        let told = stamp(&order).await;
        order.make_espresso().await;
        order.steam_milk().await;
        told
    };
    join_all(shop.orders(customers).map(serve)).await
}

pub(crate) fn mutex(
    case: Case,
    stamp: &impl AsyncFn(&Order, &Mutex<u32>) -> u32,
) -> Sitting<Stamps> {
    sit(case.pace, After::Settle, async |shop: &Shop, _: &OrderLog| {
        let card = Mutex::new(0);
        let stamp = async |order: &Order| stamp(order, &card).await;
        let told = all_at_once(shop, case.customers, stamp).await;
        Stamps { told, unanswered: 0, in_the_end: Some(unlocked(card)) }
    })
}

pub(crate) fn atomic(
    case: Case,
    stamp: &impl AsyncFn(&Order, &AtomicU32) -> u32,
) -> Sitting<Stamps> {
    sit(case.pace, After::Settle, async |shop: &Shop, _: &OrderLog| {
        let card = AtomicU32::new(0);
        let stamp = async |order: &Order| stamp(order, &card).await;
        let told = all_at_once(shop, case.customers, stamp).await;
        Stamps { told, unanswered: 0, in_the_end: Some(card.into_inner()) }
    })
}

pub(crate) fn actor_keeps(
    case: Case,
    actor: &impl AsyncFn(mpsc::Receiver<oneshot::Sender<u32>>),
) -> Sitting<Stamps> {
    /// Longer than any coffee here.
    const GONE: Duration = Duration::from_secs(60);
    sit(case.pace, After::Settle, async |shop: &Shop, log: &OrderLog| {
        let (desk, requests) = mpsc::channel(ROOM);
        let unanswered = AtomicUsize::new(0);
        let customers = async {
            // The desk is closed when the last customer has gone.
            let desk = desk;
            let ask = async |order: &Order| {
                order.pay_for_coffee().await;
                let (answer, answered) = oneshot::channel();
                let asked = timeout(GONE, desk.send(answer)).await;
                match (asked, timeout(GONE, answered).await) {
                    (Ok(Ok(())), Ok(Ok(number))) => number,
                    _ => {
                        unanswered.fetch_add(1, Ordering::Relaxed);
                        0
                    }
                }
            };
            let told = all_at_once(shop, case.customers, ask).await;
            log.answer();
            told
        };
        let (told, ()) = join!(customers, actor(requests));
        Stamps { told, unanswered: unanswered.into_inner(), in_the_end: None }
    })
}
