use std::collections::BTreeSet;
use std::time::Duration;

use coffee::{Action, Outcome, Record, Timeline, count, seconds};

/// The questions that the examiner asks of a timeline.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look<'a> {
    timeline: &'a Timeline,
}

impl<'a> Look<'a> {
    pub(crate) const fn at(timeline: &'a Timeline) -> Self {
        Self { timeline }
    }

    fn records(self) -> &'a [Record] {
        self.timeline.records()
    }

    pub(crate) fn of(self, action: Action) -> impl Iterator<Item = &'a Record> {
        self.records().iter().filter(move |record| record.kind == action)
    }

    pub(crate) fn nothing_began(self) -> bool {
        self.records().is_empty()
    }

    /// How long it took until the answer, in shop time.
    pub(crate) fn took(self) -> Duration {
        self.timeline.answered().unwrap_or(Duration::MAX)
    }

    /// In how many tasks the actions ran.
    pub(crate) fn tasks(self) -> usize {
        self.records().iter().map(|record| record.task).collect::<BTreeSet<_>>().len()
    }

    /// How many of these went on at the same time at most.
    pub(crate) fn most_at_once(self, action: Action) -> usize {
        let at_start = |one: &Record| {
            let on = |other: &&Record| {
                other.started <= one.started && other.ended.is_none_or(|end| one.started < end)
            };
            self.of(action).filter(on).count()
        };
        self.of(action).map(at_start).max().unwrap_or(0)
    }

    /// How many customers were served at the same time at most.
    pub(crate) fn customers_at_most(self) -> usize {
        let at_start = |one: &Record| {
            let on = self.records().iter().filter(|other| {
                other.started <= one.started && other.ended.is_none_or(|end| one.started < end)
            });
            on.map(|record| record.lane).collect::<BTreeSet<_>>().len()
        };
        self.records().iter().map(at_start).max().unwrap_or(0)
    }

    /// Two different customers who are served at the same time.
    pub(crate) fn customers_at_once(self) -> Option<(u32, u32)> {
        self.pair(|one, other| one.lane != other.lane && one.overlaps(other))
    }

    /// A customer two of whose actions go on at the same time.
    pub(crate) fn own_actions_at_once(self) -> Option<u32> {
        self.pair(|one, other| one.lane == other.lane && one.overlaps(other))
            .map(|(customer, _)| customer)
    }

    fn pair(self, matches: impl Fn(&Record, &Record) -> bool) -> Option<(u32, u32)> {
        let records = self.records();
        records.iter().enumerate().find_map(|(i, one)| {
            let other = records[i + 1..].iter().find(|other| matches(one, other))?;
            Some((one.lane, other.lane))
        })
    }

    /// All of `customers` came and were served; else the sentence that says which one was not.
    pub(crate) fn all_are_served(self, customers: u32) -> Result<(), String> {
        self.each_order_is_done()?;
        let served = self.timeline.accepted();
        if served != customers {
            return Err(format!(
                "{} came, and {served} were served: take the orders of all, however many come",
                count(customers.into(), "customer")
            ));
        }
        Ok(())
    }

    /// Each customer has each of the three actions exactly once; else the sentence that says which
    /// one has not.
    pub(crate) fn each_order_is_done(self) -> Result<(), String> {
        if self.nothing_began() {
            return Err(
                "Nothing happened in the shop: an async fn that is called and not awaited \
                 does nothing, and a JoinSet that is dropped aborts its tasks. Look for calls \
                 without .await, and for orders that are never taken"
                    .to_owned(),
            );
        }
        for customer in 1..=self.timeline.accepted() {
            for action in Action::ALL {
                self.has_once(customer, action)?;
            }
        }
        Ok(())
    }

    fn has_once(self, customer: u32, action: Action) -> Result<(), String> {
        let own = |record: &&Record| record.lane == customer;
        let all: Vec<_> = self.of(action).filter(own).collect();
        let action = action.name();
        match all[..] {
            [] => Err(format!(
                "{} of customer {customer} never began: look for a call without .await, and for an \
                 order that is dropped",
                capital(action)
            )),
            [one] if one.outcome == Some(Outcome::Finished) => Ok(()),
            [Record { ended: Some(at), .. }] => Err(format!(
                "{} of customer {customer} was cancelled at {}: something dropped the future, or \
                 the task, before it was done. A JoinSet that is dropped aborts its tasks, and what \
                 select! or timeout does not wait for is dropped",
                capital(action),
                seconds(*at)
            )),
            [_] => Err(format!(
                "{} of customer {customer} never came to an end: its future is not polled any more, or \
                 by another runtime than the shop's",
                capital(action)
            )),
            _ => Err(format!(
                "{} of customer {customer} was done {} times: once is what was ordered",
                capital(action),
                all.len()
            )),
        }
    }

    /// Each customer pays, then gets the espresso, then the milk.
    pub(crate) fn own_actions_in_turn(self) -> Result<(), String> {
        if let Some(customer) = self.own_actions_at_once() {
            return Err(format!(
                "The actions of customer {customer} go on at the same time. Here one waits for \
                 the other: pay, then espresso, then milk"
            ));
        }
        for own in self.records().chunk_by(|one, other| one.lane == other.lane) {
            if let Some(wrong) =
                own.iter().zip(Action::ALL).find(|(record, action)| record.kind != *action)
            {
                let (record, action) = wrong;
                return Err(format!(
                    "Customer {} got {} before {}. The order is pay, espresso, milk",
                    record.lane,
                    record.kind.name(),
                    action.name()
                ));
            }
        }
        Ok(())
    }

    /// It took exactly this long, or the sentence that says how long it took, and why.
    pub(crate) fn took_exactly(
        self,
        goal: Duration,
        why: impl Fn() -> String,
    ) -> Result<(), String> {
        let took = self.took();
        if took == goal {
            return Ok(());
        }
        let customers = count(self.timeline.accepted().into(), "customer");
        let (took, goal) = apart(took, goal);
        Err(format!("{customers} took {took}; the goal is {goal}: {}", why()))
    }

    /// Names the usual reason for which all this did not take what it should.
    pub(crate) fn what_waits(self) -> String {
        let end = self.timeline.last_end();
        if self.took() < end {
            return format!(
                "the answer came before the coffee, which was out at {}. Wait for every task",
                seconds(end)
            );
        }
        if self.took() > end {
            return format!(
                "the last coffee was out at {}, and then something else was waited for",
                seconds(end)
            );
        }
        match (self.customers_at_once(), self.own_actions_at_once()) {
            (None, None) => "they wait for one another, and for everything in turn".to_owned(),
            (None, Some(_)) => "the three actions go on at once, but one customer waits for the \
                 other"
                .to_owned(),
            (Some(_), None) if self.late_starter().is_some() => {
                let (customer, at) = self.late_starter().unwrap_or_default();
                format!(
                    "customer {customer} had to wait until {} to be begun: look for what holds up \
                     the later customers",
                    seconds(at)
                )
            }
            (Some(_), None) => {
                "each of them waits for the espresso until it is paid, and for the milk until \
                 the espresso is made"
                    .to_owned()
            }
            (Some(_), Some(_)) if self.late_starter().is_some() => {
                let (customer, at) = self.late_starter().unwrap_or_default();
                format!(
                    "customer {customer} had to wait until {} to be begun: look for what holds up \
                     the later customers",
                    seconds(at)
                )
            }
            (Some(_), Some(_)) => "some action still waits for another one".to_owned(),
        }
    }

    /// When the first action of this customer began, and when the last ended.
    pub(crate) fn times_of(self, customer: u32) -> (Duration, Duration) {
        let own = self.records().iter().filter(|record| record.lane == customer);
        own.fold((Duration::MAX, Duration::ZERO), |(begun, done), record| {
            (begun.min(record.started), done.max(record.ended.unwrap_or(Duration::MAX)))
        })
    }

    /// The customer who was begun last, if that was not at once.
    fn late_starter(self) -> Option<(u32, Duration)> {
        let customers = 1..=self.timeline.accepted();
        let begun = customers.map(|customer| (customer, self.times_of(customer).0));
        begun.max_by_key(|(_, at)| *at).filter(|(_, at)| !at.is_zero())
    }
}

/// Two different times in words that differ, too: in tenths of a second, or else in milliseconds.
pub(crate) fn apart(one: Duration, other: Duration) -> (String, String) {
    let tenths = (seconds(one), seconds(other));
    if one == other || tenths.0 != tenths.1 {
        return tenths;
    }
    let exactly = |time: Duration| format!("{:.3} s", time.as_secs_f64());
    (exactly(one), exactly(other))
}

pub(crate) fn capital(word: &str) -> String {
    let mut signs = word.chars();
    signs.next().map_or_else(String::new, |first| first.to_uppercase().chain(signs).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_that_differ_are_written_so_that_one_sees_it() {
        let [two, three, much] = [6_002, 6_003, 8_000].map(Duration::from_millis);
        assert_eq!(apart(two, three), ("6.002 s".to_owned(), "6.003 s".to_owned()));
        assert_eq!(apart(two, much), ("6.0 s".to_owned(), "8.0 s".to_owned()));
        assert_eq!(apart(two, two), ("6.0 s".to_owned(), "6.0 s".to_owned()));
    }
}
