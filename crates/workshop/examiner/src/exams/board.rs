use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use coffee::{Action, Durations, Order, OrderLog, Orders, Shop, Timeline, seconds};
use tokio::time::Instant;

use super::each;
use crate::announce::examine;
use crate::look::Look;
use crate::sitting::{After, Sitting, sit};

/// How many baristas work in the shop of exercise 9.
pub const BARISTAS: usize = 3;
/// How many orders have room on its board.
pub const BOARD: usize = 2;

/// Taken and not yet made: what the baristas have in their hands, what hangs on the board, and
/// the one in the hand of whoever waits for room on it.
const IN_FLIGHT: usize = BARISTAS + BOARD + 1;

/// The customers in the street, who order one by one, whenever they are asked for. Taking one is
/// taking their order.
#[derive(Debug)]
pub struct Queue {
    orders: Orders,
    opened: Instant,
    taken: Arc<Mutex<Vec<Duration>>>,
}

impl Iterator for Queue {
    type Item = Order;

    fn next(&mut self) -> Option<Order> {
        let order = self.orders.next()?;
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.push(self.opened.elapsed());
        Some(order)
    }
}

/// Exercise 9: a pool of baristas takes orders from a board with little room. Each order takes 6 s
/// of shop time.
pub fn order_board(serve: impl AsyncFn(Queue)) -> ExitCode {
    examine(|| {
        each(
            &[10, 1, 3, 100],
            |customers| work_off(customers, &serve),
            |customers, sitting| {
                judge(customers, &sitting.timeline)?;
                judge_backpressure(sitting.returned()?, &sitting.timeline)
            },
            || {
                "Three baristas served 10 customers in 24.0 s, and the street waited: never more than six \
                 orders were taken and not made, and with 100 customers it is the same"
                    .to_owned()
            },
        )
    })
}

/// Gives when each order was taken.
fn work_off(customers: u32, serve: &impl AsyncFn(Queue)) -> Sitting<Vec<Duration>> {
    sit(Durations::default(), After::Settle, async |shop: &Shop, _: &OrderLog| {
        let taken = Arc::default();
        let orders = shop.orders(customers);
        let queue = Queue { orders, opened: Instant::now(), taken: Arc::clone(&taken) };
        serve(queue).await;
        let taken = taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.clone()
    })
}

fn judge(customers: u32, timeline: &Timeline) -> Result<(), String> {
    let look = Look::at(timeline);
    look.everybody_is_served()?;
    look.own_actions_in_turn()?;
    let at_once = Action::ALL.map(|action| look.most_at_once(action));
    let at_once = at_once.into_iter().max().unwrap_or(0);
    if at_once > BARISTAS {
        return Err(format!(
            "{at_once} customers were served at the same time, and the shop has {BARISTAS} \
             baristas: the tasks to spawn are the baristas, not the customers"
        ));
    }
    let tasks = look.tasks();
    if tasks > BARISTAS {
        return Err(format!(
            "The coffees were made in {tasks} tasks, and the shop has {BARISTAS} baristas: a \
             barista is a task that takes one order after another from the board"
        ));
    }
    let rounds = customers.div_ceil(BARISTAS as u32);
    look.took_exactly(Duration::from_secs((6 * rounds).into()), || {
        if look.took() < timeline.last_end() {
            return look.what_waits();
        }
        format!(
            "only {at_once} of {BARISTAS} baristas worked at a time. A lock on the board that is \
             still held while the coffee is made keeps the others from it: the guard in the head of \
             a `while let` lives until the end of its body"
        )
    })
}

fn judge_backpressure(taken: &[Duration], timeline: &Timeline) -> Result<(), String> {
    let ends: Vec<_> = Look::at(timeline).of(Action::Milk).filter_map(|milk| milk.ended).collect();
    for (i, at) in taken.iter().enumerate() {
        let made = ends.iter().filter(|end| *end <= at).count();
        let open = (i + 1).saturating_sub(made);
        if open > IN_FLIGHT {
            return Err(format!(
                "At {} {open} orders were taken and not made, and there is room for {IN_FLIGHT}: \
                 {BARISTAS} at the baristas, {BOARD} on the board, one in your hand. A board without \
                 a bound only moves the street into the shop",
                seconds(*at)
            ));
        }
    }
    Ok(())
}
