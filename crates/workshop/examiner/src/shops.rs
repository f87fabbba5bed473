use std::time::Duration;

use coffee::{Durations, OrderLog, Shop};

/// How long the actions take in a shop of the examiner, in shop time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pace {
    /// Every action of every customer takes this long.
    Each(Duration),
    /// Customers differ, and so do their actions. Where all take the same time a wrong answer may be
    /// right by luck: a sleep in the place of a wait, the last task awaited instead of all.
    Uneven,
}

/// The talk's shop: each action takes 2 s.
pub(crate) const EVEN: Pace = Pace::Each(Duration::from_secs(2));

/// Tenths of seconds, as a timeline shows them. No two neighbours are equal, neither the first nor
/// the last of a round is the longest, and the lengths of the cycles have no divisor in common.
const PAY: [u64; 5] = [13, 27, 8, 21, 17];
const ESPRESSO: [u64; 7] = [19, 31, 11, 42, 25, 15, 22];
const MILK: [u64; 3] = [16, 29, 7];

impl Pace {
    /// How long the actions of this customer take.
    pub(crate) fn of(self, customer: u32) -> Durations {
        match self {
            Self::Each(action) => Durations::each(action),
            Self::Uneven => {
                let turn = customer.saturating_sub(1) as usize;
                let tenths = |cycle: &[u64]| Duration::from_millis(100 * cycle[turn % cycle.len()]);
                Durations { pay: tenths(&PAY), espresso: tenths(&ESPRESSO), milk: tenths(&MILK) }
            }
        }
    }

    /// How long the three actions of this customer take, one after another.
    pub(crate) fn coffee(self, customer: u32) -> Duration {
        self.of(customer).one_after_another()
    }

    /// How long the longest of the coffees of customers 1 to `customers` takes.
    pub(crate) fn longest_coffee(self, customers: u32) -> Duration {
        (1..=customers).map(|customer| self.coffee(customer)).max().unwrap_or_default()
    }

    /// How long the longest single action of customers 1 to `customers` takes.
    pub(crate) fn longest_action(self, customers: u32) -> Duration {
        let longest = |customer| {
            let Durations { pay, espresso, milk } = self.of(customer);
            pay.max(espresso).max(milk)
        };
        (1..=customers).map(longest).max().unwrap_or_default()
    }

    pub(crate) fn open(self, log: &OrderLog) -> Shop {
        match self {
            Self::Each(action) => Shop::with_log(Durations::each(action), log),
            Self::Uneven => Shop::with_durations_of(move |customer| self.of(customer), log),
        }
    }

    /// What a complaint says first, so that its figures do not surprise.
    pub(crate) const fn preface(self) -> &'static str {
        match self {
            Self::Each(_) => "",
            Self::Uneven => "In a shop where customers take different times: ",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a wrong answer could rely on.
    #[test]
    fn in_an_uneven_shop_no_customer_is_like_the_next_and_the_last_is_not_the_longest() {
        for customers in [3, 7, 10, 30, 200] {
            let last = Pace::Uneven.coffee(customers);
            assert!(last < Pace::Uneven.longest_coffee(customers), "{customers}");
            assert_ne!(Pace::Uneven.of(customers), Pace::Uneven.of(customers - 1), "{customers}");
        }
        assert!(Pace::Uneven.coffee(1) < Pace::Uneven.longest_coffee(3));
    }
}
