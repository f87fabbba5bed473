use coffee::{Action, Outcome, Timeline, count};

use crate::customers::{Customers, named};

/// What went wrong in a visit, as its log tells it. What the program says about a step comes from
/// the log alone, so it is true of code that was edited, too.
#[derive(Debug)]
pub(crate) struct Problems<'a> {
    pub(crate) timeline: &'a Timeline,
    /// How many customers the step was asked to serve.
    pub(crate) asked: u32,
    /// How many orders were dropped by a panic.
    pub(crate) panicked: u32,
    /// Whether it was ended from outside: by Ctrl-C, a closed output or a shop that closes.
    pub(crate) stopped: bool,
}

impl Problems<'_> {
    /// A sentence for each.
    pub(crate) fn sentences(&self) -> Vec<String> {
        let mut sentences = self.lost();
        sentences.extend(self.miscounted());
        sentences.extend(self.repeated());
        sentences
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
        sentences.extend(self.why_lost());
        sentences
    }

    fn why_lost(&self) -> Option<String> {
        let cancelled = |record: &coffee::Record| record.outcome == Some(Outcome::Cancelled);
        let by_itself = self.timeline.answered().is_some() && !self.stopped;
        if self.timeline.records().iter().any(cancelled) {
            Some(self.dropped().to_owned())
        } else if self.panicked > 0 {
            None // a task that panics between two actions leaves the others out
        } else if by_itself {
            self.orders_never_begun().or_else(|| self.action_never_begun())
        } else {
            Some("They ended between two actions.".to_owned())
        }
    }

    fn dropped(&self) -> &'static str {
        if self.timeline.answered().is_some() && self.stopped {
            "Their tasks had no owner, so they ended with the program, finished or not."
        } else {
            "Dropping a future stops what it was doing, wherever that was."
        }
    }

    fn orders_never_begun(&self) -> Option<String> {
        let customers = Customers(self.timeline);
        let never = || customers.numbers().filter(|it| customers.records(*it).is_empty());
        let (orders, were) = match never().count() {
            0 => return None,
            1 => ("order", "was"),
            _ => ("orders", "were"),
        };
        Some(format!(
            "The {orders} of {} {were} never begun: a future does nothing until it is awaited or \
             spawned, and a JoinSet that is dropped takes its tasks along.",
            named(never())
        ))
    }

    fn action_never_begun(&self) -> Option<String> {
        let without = |action| self.customers_with(action, |times| times == 0).peekable();
        let action = Action::ALL.into_iter().find(|action| without(*action).peek().is_some())?;
        Some(format!(
            "The {} of {} was never begun: either it is not asked for, or its future is not \
             awaited.",
            noun(action),
            named(without(action))
        ))
    }

    /// Set if the step took another number of orders than it was asked to.
    fn miscounted(&self) -> Option<String> {
        let taken = self.timeline.accepted();
        (taken != self.asked).then(|| {
            let taken = count(taken.into(), "order");
            format!("The step took {taken} for {}.", count(self.asked.into(), "customer"))
        })
    }

    /// Set if something was done more than once for a customer.
    fn repeated(&self) -> Option<String> {
        let again = |action| self.customers_with(action, |times| times > 1).peekable();
        let action = Action::ALL.into_iter().find(|action| again(*action).peek().is_some())?;
        Some(format!("The {} of {} was begun more than once.", noun(action), named(again(action))))
    }

    /// The customers for whom the action was begun as many times as asked for.
    fn customers_with(
        &self,
        action: Action,
        asked_for: impl Fn(usize) -> bool,
    ) -> impl Iterator<Item = u32> {
        let customers = Customers(self.timeline);
        customers.numbers().filter(move |customer| {
            let begun = customers.records(*customer).iter().filter(|record| record.kind == action);
            asked_for(begun.count())
        })
    }
}

const fn noun(action: Action) -> &'static str {
    match action {
        Action::Pay => "payment",
        Action::Espresso => "espresso",
        Action::Milk => "milk",
    }
}
