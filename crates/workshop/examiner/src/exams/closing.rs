use std::process::ExitCode;
use std::time::Duration;

use coffee::{Action, Order, OrderLog, Outcome, Shop, Timeline, count, seconds};
use tokio::join;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until};

use crate::announce::{Verdict, examine};
use crate::look::{Look, apart};
use crate::shops::{EVEN, Pace};
use crate::sitting::{After, Sitting, sit, unhurried};

/// When customers come, and when the shop closes, in shop time from its opening.
#[derive(Clone, Copy, Debug)]
struct Evening {
    /// In this order; several may come in one moment. Tenths of seconds.
    arrivals: &'static [u64],
    closing: u64,
    pace: Pace,
}

/// The last three are: a crowd that orders in the very moment in which the shop closes; no customer
/// at all; and a long quiet evening, on which a shop that keeps asking whether an order has come asks
/// very often.
const EVENINGS: [Evening; 5] = [
    Evening { arrivals: &[0, 10, 20, 30, 40, 50], closing: 25, pace: EVEN },
    Evening { arrivals: &[0, 3, 4, 21, 34, 35, 61], closing: 36, pace: Pace::Uneven },
    Evening { arrivals: &[0; 30], closing: 0, pace: EVEN },
    Evening { arrivals: &[], closing: 10, pace: EVEN },
    Evening { arrivals: &[0, 9_037, 36_000 + 1], closing: 36_000, pace: EVEN },
];

/// Room for all orders that come in one moment: no customer has to wait at the door.
const ROOM: usize = 32;

/// Longer than any coffee that was ordered in time.
const LATE: Duration = Duration::from_secs(30);

impl Evening {
    fn closing(self) -> Duration {
        Duration::from_millis(100 * self.closing)
    }

    /// When this customer comes, counted from 1.
    fn arrival(self, customer: u32) -> Duration {
        Duration::from_millis(100 * self.arrivals[customer as usize - 1])
    }

    fn customers(self) -> u32 {
        self.arrivals.len() as u32
    }

    /// How many order before closing time. Those who come in its very moment are in front of it.
    fn in_time(self) -> u32 {
        self.arrivals.iter().filter(|arrival| **arrival <= self.closing).count() as u32
    }

    /// When the last coffee that was ordered in time is out, or the shop closes if that is later.
    fn end(self) -> Duration {
        let out = |customer| self.arrival(customer) + self.pace.coffee(customer);
        (1..=self.in_time()).map(out).max().unwrap_or_default().max(self.closing())
    }
}

/// Exercise 7: closing time. Customers who have ordered get their coffee, customers who come later
/// are refused, and then the shop is closed. Each customer's order takes 6 s of shop time.
pub fn closing_time(
    open_shop: impl AsyncFn(mpsc::Receiver<Order>, oneshot::Receiver<()>),
) -> ExitCode {
    examine(|| {
        let mut shown = None;
        for evening in EVENINGS {
            let sitting = unhurried(|| live_through(evening, &open_shop));
            if let Err(complaint) = judge(evening, &sitting) {
                return Verdict::on(&sitting, Err(complaint));
            }
            shown.get_or_insert(sitting);
        }
        let praise =
            "The shop closed at 2.5 s, finished the three coffees that were ordered until 8.0 s, \
                      and refused the three customers who came later"
                .to_owned();
        Verdict::on(&shown.expect("there is an evening"), Ok(praise))
    })
}

/// Gives how many customers were refused.
fn live_through(
    evening: Evening,
    open_shop: &impl AsyncFn(mpsc::Receiver<Order>, oneshot::Receiver<()>),
) -> Sitting<u32> {
    sit(evening.pace, After::Settle, async |shop: &Shop, log: &OrderLog| {
        let (door, orders) = mpsc::channel(ROOM);
        let (close, closing) = oneshot::channel();
        let opened = Instant::now();
        let shop_is_open = async {
            open_shop(orders, closing).await;
            log.answer();
        };
        let customers = async {
            let mut refused = 0;
            for customer in 1..=evening.customers() {
                sleep_until(opened + evening.arrival(customer)).await;
                refused += u32::from(!order(&door, shop).await);
            }
            // The door stays: another customer could still come, long after closing time. A shop that
            // waits for that comes to an end here, and is told.
            sleep_until(opened + evening.closing() + LATE).await;
            drop(door);
            refused
        };
        let owner = async {
            sleep_until(opened + evening.closing()).await;
            let _ = close.send(());
        };
        // In this order within one moment: a crowd orders, the shop closes, the shop looks.
        let (refused, (), ()) = join!(biased; customers, owner, shop_is_open);
        refused
    })
}

/// Whether the shop takes the order of one customer.
async fn order(door: &mpsc::Sender<Order>, shop: &Shop) -> bool {
    match door.reserve().await {
        Ok(place) => {
            let order = shop.orders(1).next().expect("one was asked for");
            place.send(order);
            true
        }
        Err(_) => false,
    }
}

fn judge(evening: Evening, sitting: &Sitting<u32>) -> Result<(), String> {
    let refused = *sitting.returned()?;
    let timeline = &sitting.timeline;
    let preface = |complaint| format!("{}{complaint}", evening.pace.preface());
    let judge = || {
        let look = Look::at(timeline);
        sitting.is_woken()?;
        orders_in_time_are_served(evening, timeline)?;
        each_is_begun_at_once(evening, look)?;
        late_customers_are_refused(evening, refused, timeline)?;
        if evening.in_time() > 0 {
            look.each_order_is_done()?;
            look.own_actions_in_turn()?;
        }
        sitting.blocks_no_thread()?;
        the_shop_is_left_in_time(evening, look)
    };
    judge().map_err(preface)
}

fn orders_in_time_are_served(evening: Evening, timeline: &Timeline) -> Result<(), String> {
    let (in_time, closing) = (evening.in_time(), seconds(evening.closing()));
    let accepted = timeline.accepted();
    if accepted < in_time {
        let refused = count((in_time - accepted).into(), "customer");
        return Err(format!("{refused} were refused before closing time, {closing}"));
    }
    // Not how many: `select!` picks at random among what is ready, and this would tell its luck.
    if !(1..=in_time).all(|customer| begun(customer, timeline)) {
        return Err(format!(
            "Some customers had ordered before closing time, {closing}, and were not served: orders \
             may still lie in the channel when the shop closes. Once the channel is closed, receive \
             what is left in it"
        ));
    }
    let cancelled = |record: &&coffee::Record| record.outcome == Some(Outcome::Cancelled);
    if let Some(first) = timeline.records().iter().filter(cancelled).filter_map(|r| r.ended).min() {
        return Err(format!(
            "{} were lost at {}, although they had been ordered before closing time, {closing}: \
             dropping a JoinSet aborts its tasks. Wait for them before you go",
            count(timeline.lost().into(), "coffee"),
            seconds(first)
        ));
    }
    Ok(())
}

fn late_customers_are_refused(
    evening: Evening,
    refused: u32,
    timeline: &Timeline,
) -> Result<(), String> {
    if refused == evening.customers() - evening.in_time() {
        return Ok(());
    }
    let late = evening.in_time() + 1;
    let fate = match begun(late, timeline) {
        true => "was served all the same",
        false => "was kept waiting, neither served nor refused",
    };
    Err(format!(
        "Customer {late} came after closing time, {}, and {fate}: close the channel at closing time, \
         and every later customer is refused",
        seconds(evening.closing())
    ))
}

fn each_is_begun_at_once(evening: Evening, look: Look<'_>) -> Result<(), String> {
    for pay in look.of(Action::Pay) {
        let came = evening.arrival(pay.lane);
        if pay.started != came {
            let (came, begun) = apart(came, pay.started);
            return Err(format!(
                "Customer {} came at {came} and could pay only at {begun}: spawn a task for each \
                 order as soon as it comes, and let no customer wait for another",
                pay.lane
            ));
        }
    }
    Ok(())
}

fn the_shop_is_left_in_time(evening: Evening, look: Look<'_>) -> Result<(), String> {
    let (returned, done) = apart(look.took(), evening.end());
    if look.took() < evening.end() {
        return Err(format!(
            "open_shop returned at {returned}, and could not be done before {done}: wait for closing \
             time, and then for the tasks"
        ));
    }
    if look.took() > evening.end() {
        return Err(format!(
            "The shop could have been left at {done}, and open_shop returned only at {returned}: once \
             the channel is closed, wait for the coffees and for nothing else"
        ));
    }
    Ok(())
}

fn begun(customer: u32, timeline: &Timeline) -> bool {
    timeline.records().iter().any(|record| record.lane == customer)
}
