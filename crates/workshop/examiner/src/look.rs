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

    /// So many came, and all of them were served, or the sentence that says who was not.
    pub(crate) fn all_are_served(self, customers: u32) -> Result<(), String> {
        self.everybody_is_served()?;
        let served = self.timeline.accepted();
        if served != customers {
            return Err(format!(
                "{} came, and {served} were served: take the orders of all, however many come",
                count(customers.into(), "customer")
            ));
        }
        Ok(())
    }

    /// Everybody has each of the three exactly once, or the sentence that says who has not.
    pub(crate) fn everybody_is_served(self) -> Result<(), String> {
        if self.nothing_began() {
            return Err(
                "Nothing happened in the shop: an async fn that is called and not awaited \
                 does nothing, and a JoinSet that is dropped aborts its tasks. Look for calls \
                 without .await, and for orders that nobody takes"
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
            [] => Err(format!("Customer {customer} never got as far as {action}")),
            [one] if one.outcome == Some(Outcome::Finished) => Ok(()),
            [Record { ended: Some(at), .. }] => Err(format!(
                "{action} of customer {customer} was cancelled at {}: something dropped the \
                 future, or the task, before it was done",
                seconds(*at)
            )),
            [_] => Err(format!("{action} of customer {customer} never came to an end")),
            _ => Err(format!("Customer {customer} got {action} {} times", all.len())),
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
        Err(format!("{customers} took {}; the goal is {}: {}", seconds(took), seconds(goal), why()))
    }

    /// Which of the usual reasons it is that all this took longer than it had to.
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
            (Some(_), None) => {
                "each of them waits for the espresso until it is paid, and for the milk until \
                 the espresso is made"
                    .to_owned()
            }
            (Some(_), Some(_)) => "something still waits that need not".to_owned(),
        }
    }
}
