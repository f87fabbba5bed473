use std::collections::{BTreeMap, BTreeSet};

use coffee::{Action, OrderLog, Outcome, Record, Timeline, count};

use crate::lesson::Shows;

/// What a visit did, as its log tells it. What the program says about a step comes from here, so it
/// is true of code that was edited, too.
#[derive(Debug)]
pub(crate) struct Seen<'a> {
    pub(crate) timeline: &'a Timeline,
    /// How many customers the step was asked to serve.
    pub(crate) asked: u32,
    /// How many orders were dropped by a panic.
    pub(crate) panicked: u32,
    /// Whether it was ended from outside: by Ctrl-C, a closed output or a shop that closes.
    pub(crate) stopped: bool,
}

/// How many of some things went on at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AtATime {
    /// There was only one.
    Single,
    One,
    Some(usize),
    All,
}

impl Seen<'_> {
    /// What is wrong with how the customers were served, a sentence each.
    pub(crate) fn problems(&self) -> Vec<String> {
        let mut sentences = self.lost();
        sentences.extend(self.miscounted());
        sentences.extend(self.repeated());
        sentences
    }

    /// Who waited while others waited, if all were served.
    pub(crate) fn pattern(&self) -> Option<String> {
        if self.timeline.lost() > 0 || self.timeline.served() == 0 {
            return None;
        }
        Some(self.answered_early().unwrap_or_else(|| self.arrangement()))
    }

    /// How the waiting of the customers and of their actions was arranged.
    fn arrangement(&self) -> String {
        let (customers, actions) = (self.customers_at_a_time(), self.actions_at_a_time());
        match (customers, actions) {
            (AtATime::Single, AtATime::One | AtATime::Single) => {
                "Each action began when the one before had ended, so their times add up."
            }
            (AtATime::Single, AtATime::All) => {
                "The three actions waited at the same time, so they took as long as the longest of \
                 them."
            }
            (AtATime::One, AtATime::One | AtATime::Single) => {
                "A staircase: the customers waited for one another, each until the one before had \
                 the coffee, so their times add up, too."
            }
            (AtATime::One, AtATime::All) => {
                "The three actions of a customer waited at the same time, but the customers waited \
                 for one another, each until the one before had the coffee."
            }
            (AtATime::All, AtATime::One | AtATime::Single) => {
                "The customers waited at the same time, each in a row of their own, so any number \
                 takes as long as one."
            }
            (AtATime::All, AtATime::All) => {
                "Three rows a customer: the three actions waited at the same time, too, so any \
                 number takes as long as one action."
            }
            (customers, actions) => return some_at_a_time(customers, actions),
        }
        .to_owned()
    }

    /// Set if the answer came before the coffee.
    fn answered_early(&self) -> Option<String> {
        let answered = self.timeline.answered()?;
        if answered >= self.timeline.last_end() {
            return None;
        }
        let of = self.timeline.accepted();
        let made = self.lanes().filter(|(_, records)| {
            let done = |action| {
                let of_it = |record: &&&Record| record.kind == action && is_finished(record);
                records.iter().find(of_it).and_then(|record| record.ended)
            };
            Action::ALL.into_iter().all(|action| done(action).is_some_and(|end| end <= answered))
        });
        let when = match made.count() {
            0 => "before a single coffee was made, because nothing waited for the tasks".to_owned(),
            made => format!(
                "when {made} of {} {} made, because nothing waited for the other tasks",
                count(of.into(), "coffee"),
                if made == 1 { "was" } else { "were" }
            ),
        };
        Some(format!("The answer was a lie: it came {when}."))
    }

    /// What became of the orders that were lost.
    fn lost(&self) -> Vec<String> {
        let (lost, of) = (self.timeline.lost(), self.timeline.accepted());
        if lost == 0 {
            return Vec::new();
        }
        let mut sentences = vec![format!("{lost} of {of} lost.")];
        if self.panicked > 0 {
            let tasks = count(self.panicked.into(), "task");
            sentences.push(format!(
                "{tasks} panicked: the reason stands above, with the line to look at."
            ));
        }
        if self.timeline.records().iter().any(is_cancelled) {
            sentences.push(self.dropped().to_owned());
        } else if self.panicked > 0 {
            // A task that panics between two actions leaves the others out.
        } else if self.timeline.answered().is_some() && !self.stopped {
            sentences.extend(self.never_begun());
        } else {
            sentences.push("They ended between two actions.".to_owned());
        }
        sentences
    }

    fn dropped(&self) -> &'static str {
        if self.timeline.answered().is_some() && self.stopped {
            "Their tasks had no owner, so they ended with the program, finished or not."
        } else {
            "Dropping a future stops what it was doing, wherever that was."
        }
    }

    /// Of the orders that ended by themselves, what was left out.
    fn never_begun(&self) -> Option<String> {
        let missing: BTreeMap<u32, Vec<Action>> = self
            .kept()
            .map(|customer| {
                let begun: BTreeSet<_> =
                    self.of(customer).map(|record| record.kind as u8).collect();
                let missing = Action::ALL.into_iter().filter(|a| !begun.contains(&(*a as u8)));
                (customer, missing.collect::<Vec<_>>())
            })
            .filter(|(_, missing)| !missing.is_empty())
            .collect();
        let orders = missing.values().filter(|missing| missing.len() == Action::ALL.len()).count();
        if orders > 0 {
            let who = customers(missing.iter().filter(|(_, m)| m.len() == 3).map(|(c, _)| *c));
            let (order, was) = if orders == 1 { ("order", "was") } else { ("orders", "were") };
            return Some(format!(
                "The {order} of {who} {was} never begun: a future does nothing until it is awaited or \
                 spawned, and a JoinSet that is dropped takes its tasks along."
            ));
        }
        let action = *missing.values().flatten().next()?;
        let who = customers(missing.iter().filter(|(_, m)| m.contains(&action)).map(|(c, _)| *c));
        Some(format!(
            "The {} of {who} was never begun: either it is not asked for, or its future is not \
             awaited.",
            noun(action)
        ))
    }

    /// Set if the step took another number of orders than it was asked to.
    fn miscounted(&self) -> Option<String> {
        let taken = self.timeline.accepted();
        (taken != self.asked).then(|| {
            let (taken, asked) =
                (count(taken.into(), "order"), count(self.asked.into(), "customer"));
            format!("The step took {taken} for {asked}.")
        })
    }

    /// Set if something was done more than once.
    fn repeated(&self) -> Option<String> {
        let times = |customer, action| self.of(customer).filter(|r| r.kind == action).count();
        let twice = |action: &Action| self.kept().any(|customer| times(customer, *action) > 1);
        let action = Action::ALL.into_iter().find(twice)?;
        let who = customers(self.kept().filter(|customer| times(*customer, action) > 1));
        let most = self.kept().map(|customer| times(customer, action)).max()?;
        let how_often = if most == 2 { "twice".to_owned() } else { format!("{most} times") };
        Some(format!("The {} of {who} was begun {how_often}.", noun(action)))
    }

    /// Whether that is what the lesson shows.
    pub(crate) fn is_like(&self, shows: Shows) -> bool {
        let (customers, actions) = (self.customers_at_a_time(), self.actions_at_a_time());
        let early = self.answered_early().is_some();
        let in_turn = matches!(actions, AtATime::One | AtATime::Single);
        let together = customers != AtATime::One;
        match shows {
            Shows::InTurn => {
                !early && in_turn && matches!(customers, AtATime::One | AtATime::Single)
            }
            Shows::AnswerFirst => early,
            Shows::CustomersAtOnce => !early && in_turn && together,
            Shows::ActionsAtOnce => !early && !in_turn && together,
        }
    }

    /// The customers whose records the log keeps, by number.
    fn kept(&self) -> impl Iterator<Item = u32> + '_ {
        let (all, omitted) = (self.timeline.accepted(), self.timeline.omitted());
        (1..=all).filter(move |customer| {
            omitted == 0 || *customer <= OrderLog::FEW || *customer > all - OrderLog::FEW
        })
    }

    fn of(&self, customer: u32) -> impl Iterator<Item = &Record> {
        let records = self.timeline.records();
        let from = records.partition_point(|record| record.lane < customer);
        records[from..].iter().take_while(move |record| record.lane == customer)
    }

    /// The customers of whom there are records, with these.
    fn lanes(&self) -> impl Iterator<Item = (u32, Vec<&Record>)> {
        let customers = self.kept().map(|customer| (customer, self.of(customer).collect()));
        customers.filter(|(_, records): &(u32, Vec<&Record>)| !records.is_empty())
    }

    fn customers_at_a_time(&self) -> AtATime {
        let whole = |(_, records): (u32, Vec<&Record>)| {
            let started = records.iter().map(|record| record.started).min()?;
            let ended = records.iter().filter_map(|record| record.ended).max()?;
            Some((started.as_nanos(), ended.as_nanos()))
        };
        at_a_time(self.lanes().filter_map(whole).collect())
    }

    /// The least of all customers.
    fn actions_at_a_time(&self) -> AtATime {
        let of_one = |(_, records): (u32, Vec<&Record>)| {
            let span = |r: &&Record| Some((r.started.as_nanos(), r.ended?.as_nanos()));
            at_a_time(records.iter().filter_map(span).collect())
        };
        let all: Vec<_> = self.lanes().map(of_one).collect();
        match all.first() {
            Some(first) if all.iter().all(|other| other == first) => *first,
            Some(_) => all.into_iter().find(|a| !matches!(a, AtATime::All)).unwrap_or(AtATime::All),
            None => AtATime::Single,
        }
    }
}

/// How many of these spans, from their start to their end, overlap at most.
fn at_a_time(spans: Vec<(u128, u128)>) -> AtATime {
    let all = spans.len();
    // An end comes before a start at the same time, because those two do not overlap.
    let mut marks: Vec<_> =
        spans.into_iter().flat_map(|(from, to)| [(from, 1), (to, -1)]).collect();
    marks.sort_unstable();
    let (mut now, mut most) = (0_isize, 0);
    for (_, change) in marks {
        now += change;
        most = most.max(now);
    }
    match most.unsigned_abs() {
        _ if all <= 1 => AtATime::Single,
        ..=1 => AtATime::One,
        most if most == all => AtATime::All,
        most => AtATime::Some(most),
    }
}

fn some_at_a_time(customers: AtATime, actions: AtATime) -> String {
    let some = |at_a_time, what| match at_a_time {
        AtATime::Some(most) => format!("at most {most} {what} at the same time"),
        AtATime::All => format!("all {what} at the same time"),
        AtATime::One | AtATime::Single => format!("one of the {what} at a time"),
    };
    format!(
        "What waited together: {}, and {}.",
        some(customers, "customers"),
        some(actions, "actions of a customer")
    )
}

fn is_finished(record: &Record) -> bool {
    record.outcome == Some(Outcome::Finished)
}

fn is_cancelled(record: &Record) -> bool {
    record.outcome == Some(Outcome::Cancelled)
}

const fn noun(action: Action) -> &'static str {
    match action {
        Action::Pay => "payment",
        Action::Espresso => "espresso",
        Action::Milk => "milk",
    }
}

/// `customer 1`, `customers 1 and 2`, `customers 1, 2 and 3`, `customer 1 and 9 others`.
fn customers(numbers: impl Iterator<Item = u32>) -> String {
    let numbers: Vec<_> = numbers.map(|number| number.to_string()).collect();
    match &numbers[..] {
        [one] => format!("customer {one}"),
        [first @ .., last] if first.len() < 3 => {
            format!("customers {} and {last}", first.join(", "))
        }
        [first, others @ ..] => format!("customer {first} and {} others", others.len()),
        [] => "no customer".to_owned(),
    }
}
