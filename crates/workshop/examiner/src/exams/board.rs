use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use coffee::{Action, Order, OrderLog, Orders, Shop, Timeline, count, seconds};
use tokio::time::Instant;

use super::{A_CROWD, Case, each, even, uneven};
use crate::announce::examine;
use crate::look::Look;
use crate::sitting::{After, Sitting, sit};

/// How many baristas work in the shop of exercise 9.
pub const BARISTAS: usize = 3;
/// How many orders have room on its board.
pub const BOARD: usize = 2;

/// Taken and not yet made: what the baristas have in their hands, what hangs on the board, and
/// the one that waits for room on it.
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
            &[even(10), even(1), even(3), uneven(7), uneven(A_CROWD)],
            |case| work_off(case, &serve),
            |case, sitting| {
                let look = Look::at(&sitting.timeline);
                judge_baristas(case, look)?;
                judge_order(case, look)?;
                look.took_exactly(sitting.timeline.last_end(), || look.what_waits())?;
                judge_backpressure(sitting.returned()?, &sitting.timeline)
            },
            || {
                "Three baristas served 10 customers in 24.0 s, and the street waited: never more than six \
                 orders were taken and not made, and with 200 customers it is the same"
                    .to_owned()
            },
        )
    })
}

/// Gives when each order was taken.
fn work_off(case: Case, serve: &impl AsyncFn(Queue)) -> Sitting<Vec<Duration>> {
    sit(case.pace, After::Settle, async |shop: &Shop, _: &OrderLog| {
        let taken = Arc::default();
        let orders = shop.orders(case.customers);
        let queue = Queue { orders, opened: Instant::now(), taken: Arc::clone(&taken) };
        serve(queue).await;
        let taken = taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.clone()
    })
}

fn judge_baristas(case: Case, look: Look<'_>) -> Result<(), String> {
    look.all_are_served(case.customers)?;
    look.own_actions_in_turn()?;
    let at_once = look.customers_at_most();
    if at_once > BARISTAS {
        return Err(format!(
            "{at_once} customers were served at the same time, and the shop has {BARISTAS} \
             baristas: the tasks to spawn are the baristas, not the customers"
        ));
    }
    let tasks = look.tasks();
    if tasks > BARISTAS {
        return Err(format!(
            "The coffees were made in {}, and the shop has {BARISTAS} baristas: a barista is a task \
             that takes one order after another from the board",
            count(tasks as u64, "task")
        ));
    }
    Ok(())
}

/// Each order is begun as soon as a barista is free, in the order in which they came.
fn judge_order(case: Case, look: Look<'_>) -> Result<(), String> {
    let mut free = [Duration::ZERO; BARISTAS];
    let mut before = Duration::ZERO;
    for pay in look.of(Action::Pay) {
        let customer = pay.lane;
        let earliest = free.iter_mut().min().expect("there are baristas");
        if pay.started < before {
            return Err(format!(
                "Customer {customer} was served before customer {}, whose order hung on the board \
                 first: take the orders from the board in the order in which they came",
                customer - 1
            ));
        }
        if pay.started > *earliest {
            let why = match look.customers_at_most() {
                BARISTAS => {
                    "whichever barista is free takes the next order, one and no more, so all of \
                     them read from one board"
                        .to_owned()
                }
                some => format!(
                    "only {some} of {BARISTAS} baristas worked at a time. A lock on the board that is \
                     still held while the coffee is made keeps the others from it: the guard in the \
                     head of a `while let` lives until the end of its body"
                ),
            };
            return Err(format!(
                "A barista was free from {} on, and customer {customer} was begun only at {}: {why}",
                seconds(*earliest),
                seconds(pay.started)
            ));
        }
        before = pay.started;
        *earliest = pay.started + case.pace.coffee(customer);
    }
    Ok(())
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
