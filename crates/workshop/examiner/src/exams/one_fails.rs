use std::process::ExitCode;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use std::{error, fmt};

use coffee::{Action, Order, OrderLog, Record, Shop, Timeline, count, seconds};

use crate::announce::{Verdict, examine};
use crate::look::{Look, apart, capital};
use crate::shops::{EVEN, Pace};
use crate::sitting::{After, Sitting, sit, unhurried};

/// Takes the customers' money and gives it back. A handle: clones are the same till.
#[derive(Clone, Debug)]
pub struct Till {
    declined: &'static [u32],
    ledger: Arc<Mutex<Ledger>>,
}

#[derive(Clone, Debug, Default)]
struct Ledger {
    /// Whose cards were asked for money, successfully or not.
    asked: Vec<u32>,
    charged: Vec<u32>,
    refunded: Vec<u32>,
}

/// A customer has paid. The till takes it back for the money.
#[derive(Debug)]
#[must_use = "without the receipt the money cannot go back"]
pub struct Receipt {
    customer: u32,
}

/// A customer's card is declined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Declined {
    /// Whose card it is, counted from 1.
    pub customer: u32,
}

impl Till {
    /// The customer pays, which takes 2 s of shop time.
    ///
    /// # Errors
    ///
    /// If the card is declined, after just as long.
    pub async fn charge(&self, order: &Order) -> Result<Receipt, Declined> {
        order.pay_for_coffee().await;
        let customer = order.customer();
        self.ledger().asked.push(customer);
        if self.declined.contains(&customer) {
            return Err(Declined { customer });
        }
        self.ledger().charged.push(customer);
        Ok(Receipt { customer })
    }

    /// Gives the money back, at once.
    #[expect(clippy::needless_pass_by_value, reason = "a receipt is good for one refund")]
    pub fn refund(&self, receipt: Receipt) {
        self.ledger().refunded.push(receipt.customer);
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Display for Declined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the card of customer {} is declined", self.customer)
    }
}

impl error::Error for Declined {}

/// Some friends at a table, and whose cards are declined.
#[derive(Clone, Copy, Debug)]
struct Table {
    friends: u32,
    declined: &'static [u32],
    pace: Pace,
}

const TABLES: [Table; 6] = [
    Table { friends: 4, declined: &[1], pace: Pace::Uneven },
    Table { friends: 4, declined: &[], pace: Pace::Uneven },
    Table { friends: 3, declined: &[], pace: EVEN },
    Table { friends: 5, declined: &[4], pace: Pace::Uneven },
    Table { friends: 5, declined: &[2, 5], pace: Pace::Uneven },
    Table { friends: 3, declined: &[2], pace: EVEN },
];

impl Table {
    /// The first card that is declined, and when.
    fn fails(self) -> Option<(u32, Duration)> {
        let declined = self.declined.iter().map(|c| (*c, self.pace.of(*c).pay));
        declined.min_by_key(|(_, at)| *at)
    }
}

/// What the attendee's code said, and what the till did meanwhile.
#[derive(Debug)]
struct Outcome {
    served: Result<(), Declined>,
    ledger: Ledger,
}

/// Exercise 13: some friends order together, everything at the same time, and one card is declined.
/// Then the other work stops at once, the money of those who have paid goes back, and the caller gets
/// the error.
pub fn one_fails(serve: impl AsyncFn(Vec<Order>, Till) -> Result<(), Declined>) -> ExitCode {
    examine(|| {
        let mut shown = None;
        for table in TABLES {
            let sitting = unhurried(|| sit_down(table, &serve));
            let judged = sitting.is_woken().and_then(|()| judge(table, &sitting));
            let judged = judged.and_then(|()| sitting.blocks_no_thread());
            if let Err(complaint) = judged {
                return Verdict::on(&sitting, Err(complaint));
            }
            shown.get_or_insert(sitting);
        }
        let praise = "The card of customer 1 was declined at 1.3 s, at 1.3 s all work at the table \
                      stopped, customer 3 got the money back, and the error came out. Where no card is \
                      declined, all get their coffee";
        Verdict::on(&shown.expect("there is a table"), Ok(praise.to_owned()))
    })
}

fn sit_down(
    table: Table,
    serve: &impl AsyncFn(Vec<Order>, Till) -> Result<(), Declined>,
) -> Sitting<Outcome> {
    sit(table.pace, After::Settle, async |shop: &Shop, log: &OrderLog| {
        let till = Till { declined: table.declined, ledger: Arc::default() };
        let served = serve(shop.orders(table.friends).collect(), till.clone()).await;
        log.answer();
        let ledger = till.ledger().clone();
        Outcome { served, ledger }
    })
}

fn judge(table: Table, sitting: &Sitting<Outcome>) -> Result<(), String> {
    let outcome = sitting.returned()?;
    let look = Look::at(&sitting.timeline);
    if look.nothing_began() {
        return look.each_order_is_done();
    }
    all_begins_at_once(table, look)?;
    match table.fails() {
        None => all_goes_well(table, outcome, look),
        Some((customer, at)) => {
            the_card_is_asked_once(customer, &outcome.ledger)?;
            all_stops(customer, at, &sitting.timeline)?;
            the_money_goes_back(customer, at, &outcome.ledger)?;
            the_error_comes_out(customer, outcome)?;
            look.took_exactly(at, || {
                format!("the card of customer {customer} was declined then, and that ends it")
            })
        }
    }
}

fn all_begins_at_once(table: Table, look: Look<'_>) -> Result<(), String> {
    for action in Action::ALL {
        for customer in 1..=table.friends {
            let own = |record: &&Record| record.lane == customer;
            match look.of(action).find(own).map(|record| record.started) {
                Some(Duration::ZERO) => {}
                Some(late) => {
                    return Err(format!(
                        "{} of customer {customer} began only at {}: all friends, and for each of \
                         them all three, at the same time",
                        capital(action.name()),
                        seconds(late)
                    ));
                }
                None => {
                    return Err(format!(
                        "{} of customer {customer} never began: all friends, and for each of them all \
                         three, at the same time",
                        capital(action.name())
                    ));
                }
            }
        }
    }
    Ok(())
}

fn all_goes_well(table: Table, outcome: &Outcome, look: Look<'_>) -> Result<(), String> {
    look.all_are_served(table.friends)?;
    look.took_exactly(table.pace.longest_action(table.friends), || look.what_waits())?;
    if let Err(declined) = outcome.served {
        return Err(format!("No card was declined, and serve says: {declined}"));
    }
    if let Some(customer) = outcome.ledger.refunded.first() {
        return Err(format!(
            "No card was declined, and customer {customer} got coffee and money: give it back only if \
             the table is not served"
        ));
    }
    Ok(())
}

fn the_card_is_asked_once(customer: u32, ledger: &Ledger) -> Result<(), String> {
    match ledger.asked.iter().filter(|asked| **asked == customer).count() {
        0 => Err(format!(
            "The card of customer {customer} would have been declined, and till.charge was never done \
             for it: let the till take the money"
        )),
        1 => Ok(()),
        times => Err(format!(
            "The card of customer {customer} was declined, and charged {times} times: the first answer \
             counts"
        )),
    }
}

fn all_stops(customer: u32, at: Duration, timeline: &Timeline) -> Result<(), String> {
    let until = |record: &&Record| record.ended.is_none_or(|end| end > at);
    if let Some(record) = timeline.records().iter().find(until) {
        let (at, until) = apart(at, record.ended.unwrap_or(Duration::MAX));
        let whose = match record.lane == customer {
            true => format!("{} of the same customer", record.kind.name()),
            false => format!("{} of customer {}", record.kind.name(), record.lane),
        };
        return Err(format!(
            "The card of customer {customer} was declined at {at}, and {whose} went on until {until}: \
             what waits for all must give up at the first error, and drop or abort the rest. join! and \
             join_all wait on, and a JoinHandle that is dropped stops nothing"
        ));
    }
    let early = |record: &&Record| {
        record.outcome == Some(coffee::Outcome::Cancelled) && record.ended != Some(at)
    };
    if let Some(record) = timeline.records().iter().find(early) {
        return Err(format!(
            "{} of customer {} was cancelled at {}, and no card was declined before {}",
            capital(record.kind.name()),
            record.lane,
            seconds(record.ended.unwrap_or_default()),
            seconds(at)
        ));
    }
    Ok(())
}

fn the_money_goes_back(customer: u32, at: Duration, ledger: &Ledger) -> Result<(), String> {
    let keeps: Vec<_> =
        ledger.charged.iter().filter(|paid| !ledger.refunded.contains(paid)).collect();
    match keeps[..] {
        [] => Ok(()),
        [one, ..] => Err(format!(
            "{} had paid when the card of customer {customer} was declined at {}, and customer {one} \
             had not got the money back when serve returned. What a future has in hand is dropped with \
             it: put each receipt where it outlives the future as soon as there is one",
            count(ledger.charged.len() as u64, "customer"),
            seconds(at)
        )),
    }
}

fn the_error_comes_out(customer: u32, outcome: &Outcome) -> Result<(), String> {
    match outcome.served {
        Err(declined) if declined.customer == customer => Ok(()),
        Err(declined) => Err(format!(
            "The card of customer {customer} was declined first, and serve says: {declined}"
        )),
        Ok(()) => Err(format!(
            "The card of customer {customer} was declined, and serve says that all is well: return the \
             error, so that the table hears of it"
        )),
    }
}
