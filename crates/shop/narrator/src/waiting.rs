use coffee::{Action, Outcome, Record, Timeline, count};

use crate::customers::Customers;
use crate::lesson::Shows;

/// Who waited while others waited, in a visit in which all were served.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Waiting<'a> {
    timeline: &'a Timeline,
    customers: AtATime,
    /// Of the customer for whom the fewest were.
    actions: AtATime,
}

/// How many of some things went on at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum AtATime {
    One,
    /// At most so many.
    Some(usize),
    All,
    /// There was only one.
    Single,
}

impl<'a> Waiting<'a> {
    pub(crate) fn of(timeline: &'a Timeline) -> Self {
        let customers = Customers(timeline);
        let actions = customers.served().map(|done| at_a_time(done.iter().filter_map(span)));
        Self {
            timeline,
            customers: at_a_time(customers.served().filter_map(visit)),
            actions: actions.min().unwrap_or(AtATime::Single),
        }
    }

    /// What there was to see.
    pub(crate) fn sentence(self) -> String {
        use AtATime::{All, One, Single};
        if let Some(early) = self.early() {
            return early;
        }
        match (self.customers, self.actions) {
            (Single, One | Single) => {
                "Each action began when the one before had ended, so their times add up."
            }
            (Single, All) => {
                "The three actions waited at the same time, so they took as long as the longest of \
                 them."
            }
            (One, One | Single) => {
                "A staircase: the customers waited for one another, each until the one before had \
                 the coffee, so their times add up, too."
            }
            (One, All) => {
                "The three actions of a customer waited at the same time, but the customers waited \
                 for one another, each until the one before had the coffee."
            }
            (All, One | Single) => {
                "The customers waited at the same time, each in a row of their own, so any number \
                 takes as long as one."
            }
            (All, All) => {
                "Three rows a customer: the three actions waited at the same time, too, so any \
                 number takes as long as one action."
            }
            _ => return self.some(),
        }
        .to_owned()
    }

    /// Whether that is what the lesson shows.
    pub(crate) fn is_like(self, shows: Shows) -> bool {
        let in_turn = matches!(self.actions, AtATime::One | AtATime::Single);
        let one_by_one = matches!(self.customers, AtATime::One | AtATime::Single);
        let together = self.customers != AtATime::One;
        match (shows, self.is_early()) {
            (Shows::AnswerFirst, early) => early,
            (_, true) => false,
            (Shows::InTurn, _) => in_turn && one_by_one,
            (Shows::CustomersAtOnce, _) => in_turn && together,
            (Shows::ActionsAtOnce, _) => !in_turn && together,
        }
    }

    /// Whether the answer came before the last coffee.
    fn is_early(self) -> bool {
        self.timeline.answered().is_some_and(|answered| answered < self.timeline.last_end())
    }

    fn early(self) -> Option<String> {
        let answered = self.timeline.answered().filter(|_| self.is_early())?;
        let done = |record: &Record| {
            let in_time = record.ended.is_some_and(|ended| ended <= answered);
            in_time && record.outcome == Some(Outcome::Finished)
        };
        let made = |records: &&[Record]| {
            let of = |action| records.iter().any(|record| record.kind == action && done(record));
            Action::ALL.into_iter().all(of)
        };
        let of = count(self.timeline.accepted().into(), "coffee");
        let when = match Customers(self.timeline).served().filter(made).count() {
            0 => "before a single coffee was made, because nothing waited for the tasks".to_owned(),
            1 => format!("when 1 of {of} was made, because nothing waited for the other tasks"),
            n => format!("when {n} of {of} were made, because nothing waited for the other tasks"),
        };
        Some(format!("The answer was a lie: it came {when}."))
    }

    fn some(self) -> String {
        let some = |at_a_time, what| match at_a_time {
            AtATime::Some(most) => format!("at most {most} {what} at the same time"),
            AtATime::All => format!("all {what} at the same time"),
            AtATime::One | AtATime::Single => format!("one of the {what} at a time"),
        };
        format!(
            "What waited together: {}, and {}.",
            some(self.customers, "customers"),
            some(self.actions, "actions of a customer")
        )
    }
}

/// From when to when an action went on.
fn span(record: &Record) -> Option<(u128, u128)> {
    Some((record.started.as_nanos(), record.ended?.as_nanos()))
}

/// From when to when anything was done for a customer.
fn visit(records: &[Record]) -> Option<(u128, u128)> {
    let spans = || records.iter().filter_map(span);
    Some((spans().map(|(from, _)| from).min()?, spans().map(|(_, to)| to).max()?))
}

/// How many of these spans overlap at most.
fn at_a_time(spans: impl Iterator<Item = (u128, u128)>) -> AtATime {
    // An end comes before a start at the same time, because those two do not overlap.
    let mut marks: Vec<_> = spans.flat_map(|(from, to)| [(from, 1), (to, -1)]).collect();
    marks.sort_unstable();
    let all = marks.len() / 2;
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
