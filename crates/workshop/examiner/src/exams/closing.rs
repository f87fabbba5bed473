use std::process::ExitCode;
use std::time::Duration;

use coffee::{Durations, Order, OrderLog, Shop, Timeline, count, seconds};
use tokio::join;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until};

use crate::announce::{Verdict, examine};
use crate::look::Look;
use crate::sitting::{After, Sitting, sit};

/// Who comes when, and when the shop closes, in shop time from its opening.
#[derive(Clone, Copy, Debug)]
struct Evening {
    /// So many customers come each second, from the first one on.
    each_second: u32,
    /// During so many seconds.
    seconds: u32,
    closing: Duration,
}

/// One customer a second until long after closing time; a crowd that orders in the very moment in
/// which the shop closes; and nobody at all.
const EVENINGS: [Evening; 3] = [
    Evening { each_second: 1, seconds: 6, closing: Duration::from_millis(2_500) },
    Evening { each_second: 30, seconds: 1, closing: Duration::ZERO },
    Evening { each_second: 0, seconds: 0, closing: Duration::from_secs(1) },
];

/// Nobody has to wait at the door for lack of room.
const ROOM: usize = 32;

/// Longer than any coffee that was ordered in time.
const LATE: Duration = Duration::from_secs(30);

impl Evening {
    /// How many order before closing time. Those who come in its very moment are in front of it.
    fn in_time(self) -> u32 {
        let seconds =
            (0..self.seconds).filter(|s| Duration::from_secs((*s).into()) <= self.closing);
        self.each_second * u32::try_from(seconds.count()).unwrap_or(u32::MAX)
    }

    fn late(self) -> u32 {
        self.each_second * self.seconds - self.in_time()
    }
}

/// Exercise 7: closing time. Who has ordered gets their coffee, who comes later is refused, and
/// then the shop is closed. Each customer's order takes 6 s of shop time.
pub fn closing_time(
    open_shop: impl AsyncFn(mpsc::Receiver<Order>, oneshot::Receiver<()>),
) -> ExitCode {
    examine(|| {
        let mut shown = None;
        for evening in EVENINGS {
            let sitting = live_through(evening, &open_shop);
            let judged = sitting.returned().and_then(|refused| judge(evening, *refused, &sitting));
            let timeline = sitting.timeline;
            if let Err(complaint) = judged {
                let outcome = Err(complaint);
                return Verdict { timeline: Some(timeline), measured: Vec::new(), outcome };
            }
            shown.get_or_insert(timeline);
        }
        let praise =
            "The shop closed at 2.5 s, finished the three coffees that were ordered until 8.0 s, \
                      and refused the three customers who came later"
                .to_owned();
        Verdict { timeline: shown, measured: Vec::new(), outcome: Ok(praise) }
    })
}

/// Gives how many customers were refused.
fn live_through(
    evening: Evening,
    open_shop: &impl AsyncFn(mpsc::Receiver<Order>, oneshot::Receiver<()>),
) -> Sitting<u32> {
    sit(Durations::default(), After::Settle, async |shop: &Shop, log: &OrderLog| {
        let (door, orders) = mpsc::channel(ROOM);
        let (close, closing) = oneshot::channel();
        let opened = Instant::now();
        let shop_is_open = async {
            open_shop(orders, closing).await;
            log.answer();
        };
        let customers = async {
            let mut refused = 0;
            for second in 0..evening.seconds {
                sleep_until(opened + Duration::from_secs(second.into())).await;
                for _ in 0..evening.each_second {
                    refused += u32::from(!order(&door, shop).await);
                }
            }
            // Somebody could still come, long after closing time. But whoever waits for the last
            // customer instead has an end, too.
            sleep_until(opened + evening.closing + LATE).await;
            drop(door);
            refused
        };
        let owner = async {
            sleep_until(opened + evening.closing).await;
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

fn judge(evening: Evening, refused: u32, sitting: &Sitting<u32>) -> Result<(), String> {
    let timeline = &sitting.timeline;
    who_ordered_in_time_is_served(evening, timeline)?;
    who_came_late_is_refused(evening, refused, timeline)?;
    let look = Look::at(timeline);
    if evening.in_time() > 0 {
        look.everybody_is_served()?;
        look.own_actions_in_turn()?;
    }
    the_shop_is_left_in_time(evening, look, timeline.last_end())
}

fn who_ordered_in_time_is_served(evening: Evening, timeline: &Timeline) -> Result<(), String> {
    let (in_time, closing) = (evening.in_time(), seconds(evening.closing));
    let accepted = timeline.accepted();
    if accepted < in_time {
        let refused = count((in_time - accepted).into(), "customer");
        return Err(format!("{refused} were refused before closing time, {closing}"));
    }
    // Not how many: `select!` picks at random among what is ready, and this would tell its luck.
    if !(1..=in_time).all(|customer| begun(customer, timeline)) {
        return Err(format!(
            "Not everybody who had ordered before closing time, {closing}, was served: orders may \
             still lie in the channel when the shop closes. Once the channel is closed, receive \
             what is left in it"
        ));
    }
    if timeline.lost() > 0 && timeline.last_end() == evening.closing {
        return Err(format!(
            "{} were lost at closing time, {closing}, although they had been ordered: dropping a \
             JoinSet aborts its tasks. Wait for them before you go",
            count(timeline.lost().into(), "coffee")
        ));
    }
    Ok(())
}

fn who_came_late_is_refused(
    evening: Evening,
    refused: u32,
    timeline: &Timeline,
) -> Result<(), String> {
    if refused == evening.late() {
        return Ok(());
    }
    let late = evening.in_time() + 1;
    let fate = match begun(late, timeline) {
        true => "was served all the same",
        false => "was kept waiting, neither served nor refused",
    };
    Err(format!(
        "Customer {late} came after closing time, {}, and {fate}: close the channel at closing time, \
         and whoever comes later is refused",
        seconds(evening.closing)
    ))
}

fn the_shop_is_left_in_time(
    evening: Evening,
    look: Look<'_>,
    last_coffee: Duration,
) -> Result<(), String> {
    let done = last_coffee.max(evening.closing);
    if look.took() < done {
        return Err(format!(
            "open_shop returned at {}, and could not be done before {}: wait for closing time, and \
             then for the tasks",
            seconds(look.took()),
            seconds(done)
        ));
    }
    if look.took() > done {
        return Err(format!(
            "The shop could have been left at {}, and open_shop returned only at {}: do not wait for \
             customers who may come, once the channel is closed",
            seconds(done),
            seconds(look.took())
        ));
    }
    let goal = match evening.in_time() {
        0 => evening.closing,
        // Each second so many came; the last of them wait for their own 6 s.
        customers => Duration::from_secs((customers / evening.each_second + 5).into()),
    };
    look.took_exactly(goal, || {
        "nobody should wait for another customer, so spawn a task for each order".to_owned()
    })
}

fn begun(customer: u32, timeline: &Timeline) -> bool {
    timeline.records().iter().any(|record| record.lane == customer)
}
