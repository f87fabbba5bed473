use std::process::ExitCode;
use std::time::Duration;

use coffee::{Action, Order, OrderLog, Outcome, Shop, count, seconds};
use tokio::join;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use crate::announce::{Verdict, examine};
use crate::look::{Look, apart, capital};
use crate::shops::{EVEN, Pace};
use crate::sitting::{After, Sitting, sit, unhurried};

/// One morning at the till, in tenths of seconds from its opening.
#[derive(Clone, Copy, Debug)]
struct Morning {
    arrivals: &'static [u64],
    /// The phone rings this often, from one such time after the opening on.
    rings_every: u64,
    /// And so many times.
    rings: u64,
    pace: Pace,
}

const MORNINGS: [Morning; 4] = [
    Morning { arrivals: &[0, 5, 70], rings_every: 7, rings: 14, pace: EVEN },
    Morning { arrivals: &[0, 0, 3, 90, 91], rings_every: 4, rings: 40, pace: Pace::Uneven },
    Morning { arrivals: &[3, 40], rings_every: 300, rings: 0, pace: EVEN },
    Morning { arrivals: &[], rings_every: 10, rings: 3, pace: EVEN },
];

/// Room for all who queue for the till.
const ROOM: usize = 8;

/// What came of a morning.
#[derive(Debug)]
struct Heard {
    /// What the attendee's code says.
    answered: u32,
    /// The first ring that was not answered at once: when it rang, and when it was answered.
    late: Option<(Duration, Duration)>,
}

impl Morning {
    fn at(tenths: u64) -> Duration {
        Duration::from_millis(100 * tenths)
    }

    fn customers(self) -> u32 {
        self.arrivals.len() as u32
    }

    fn last_ring(self) -> Duration {
        Self::at(self.rings_every * self.rings)
    }

    /// When each customer can pay: one after another, at the only till.
    fn turns(self) -> Vec<Duration> {
        let mut free = Duration::ZERO;
        let customers = self.arrivals.iter().zip(1..);
        let turn = |(arrival, customer): (&u64, u32)| {
            let begins = Self::at(*arrival).max(free);
            free = begins + self.pace.of(customer).pay;
            begins
        };
        customers.map(turn).collect()
    }

    /// When the last coffee is out, and no further customer can come.
    fn end(self) -> Duration {
        let turns = self.turns();
        let outs = turns.iter().zip(1..).map(|(at, customer)| *at + self.pace.coffee(customer));
        outs.max().unwrap_or_default().max(self.closes())
    }

    /// When the customers' end of the channel is dropped: a moment after all else, so that it is not
    /// up to luck whether the last ring is heard.
    fn closes(self) -> Duration {
        Self::at(self.arrivals.last().copied().unwrap_or_default() + 1)
            .max(self.last_ring() + Self::at(1))
    }
}

/// Exercise 12: a till and a phone in one `select!` loop. Taking an order waits twice, and a phone that
/// rings in between must not lose it. `run_till` returns how many rings it answered; it ends when no
/// further customer can come and the last coffee is out.
pub fn cancel_safe(
    run_till: impl AsyncFn(mpsc::Receiver<Order>, mpsc::Receiver<()>) -> u32,
) -> ExitCode {
    examine(|| {
        let mut shown = None;
        for morning in MORNINGS {
            let sitting = unhurried(|| live_through(morning, &run_till));
            let judged = sitting.is_woken().and_then(|()| judge(morning, &sitting));
            let judged = judged.and_then(|()| sitting.blocks_no_thread());
            if let Err(complaint) = judged {
                let complaint = format!("{}{complaint}", morning.pace.preface());
                return Verdict::on(&sitting, Err(complaint));
            }
            shown.get_or_insert(sitting);
        }
        let praise = "The phone rang 14 times and was answered each time, and no order was lost: the \
                      future that takes an order outlives the round of the loop in which it began";
        Verdict::on(&shown.expect("there is a morning"), Ok(praise.to_owned()))
    })
}

fn live_through(
    morning: Morning,
    run_till: &impl AsyncFn(mpsc::Receiver<Order>, mpsc::Receiver<()>) -> u32,
) -> Sitting<Heard> {
    sit(morning.pace, After::Settle, async |shop: &Shop, log: &OrderLog| {
        let (queue, orders) = mpsc::channel(ROOM);
        let (bell, phone) = mpsc::channel(1);
        let opened = Instant::now();
        let till = async {
            let answered = run_till(orders, phone).await;
            log.answer();
            answered
        };
        let customers = async {
            for arrival in morning.arrivals {
                sleep_until(opened + Morning::at(*arrival)).await;
                let order = shop.orders(1).next().expect("one was asked for");
                let _ = queue.send(order).await;
            }
            sleep_until(opened + morning.closes()).await;
            drop(queue);
        };
        let rings = async {
            let mut late = None;
            for ring in 1..=morning.rings {
                let at = Morning::at(morning.rings_every * ring);
                sleep_until(opened + at).await;
                let _ = bell.send(()).await;
                // The ring is answered when there is room for the next.
                let _ = bell.reserve().await;
                let answered = opened.elapsed();
                if answered != at {
                    late.get_or_insert((at, answered));
                }
            }
            // The line stays, but it rings no more.
            sleep_until(opened + morning.closes() + Duration::from_secs(60)).await;
            late
        };
        let (answered, (), late) = join!(till, customers, rings);
        Heard { answered, late }
    })
}

fn judge(morning: Morning, sitting: &Sitting<Heard>) -> Result<(), String> {
    let heard = sitting.returned()?;
    let timeline = &sitting.timeline;
    let look = Look::at(timeline);
    no_order_is_lost(morning, sitting)?;
    if morning.customers() > 0 {
        look.all_are_served(morning.customers())?;
        look.own_actions_in_turn()?;
    }
    one_pays_at_a_time(morning, look)?;
    if let Some((at, answered)) = heard.late {
        let (at, answered) = apart(at, answered);
        return Err(format!(
            "The phone rang at {at} and was answered only at {answered}: while an order is being taken \
             the loop goes on and hears the phone, too"
        ));
    }
    if u64::from(heard.answered) != morning.rings {
        return Err(format!(
            "The phone rang {} times, and run_till says that it answered {}",
            morning.rings, heard.answered
        ));
    }
    look.took_exactly(morning.end(), || match look.took() < morning.end() {
        true => "there were still customers to come, or coffees to be made: wait until recv gives \
                 None, and then for all coffees"
            .to_owned(),
        false => "once recv gives None and the coffees are out, wait for nothing else".to_owned(),
    })
}

fn no_order_is_lost(morning: Morning, sitting: &Sitting<Heard>) -> Result<(), String> {
    let records = sitting.timeline.records();
    let cancelled = records.iter().find(|record| record.outcome == Some(Outcome::Cancelled));
    let again = |customer| {
        let own = |record: &&coffee::Record| record.lane == customer && record.kind == Action::Pay;
        records.iter().filter(own).count() > 1
    };
    match cancelled {
        Some(record) if record.kind == Action::Pay && again(record.lane) => Err(format!(
            "Customer {} was paying when the phone rang at {}, and had to begin again: select! drops \
             the future of the branch that loses. Make the future once, pin it, and give select! a \
             `&mut` to it until it is done",
            record.lane,
            seconds(record.ended.unwrap_or_default())
        )),
        Some(record) if record.kind == Action::Pay => Err(format!(
            "Customer {} was paying when the phone rang at {}, and the order was lost: select! drops \
             the future of the branch that loses, with all that it holds. Make the future once, pin it, \
             and give select! a `&mut` to it until it is done",
            record.lane,
            seconds(record.ended.unwrap_or_default())
        )),
        Some(record) => Err(format!(
            "{} of customer {} was cancelled at {}: the coffees that were begun are finished, also \
             when no further customer comes",
            capital(record.kind.name()),
            record.lane,
            seconds(record.ended.unwrap_or_default())
        )),
        None if sitting.timeline.accepted() < morning.customers() => Err(format!(
            "{} came, and only {} could queue: run_till went home too early",
            count(morning.customers().into(), "customer"),
            sitting.timeline.accepted()
        )),
        None => Ok(()),
    }
}

fn one_pays_at_a_time(morning: Morning, look: Look<'_>) -> Result<(), String> {
    for (pay, turn) in look.of(Action::Pay).zip(morning.turns()) {
        let (began, turn) = (pay.started, turn);
        if began == turn {
            continue;
        }
        let (is, should) = apart(began, turn);
        let customer = pay.lane;
        return Err(match began < turn {
            true => format!(
                "Customer {customer} began to pay at {is}, while another one stood at the only till \
                 until {should}: take one order after another"
            ),
            false => format!(
                "Customer {customer} could have paid from {should} on, and did so at {is}: only the \
                 till is waited for, the coffee is made in a task of its own"
            ),
        });
    }
    Ok(())
}
