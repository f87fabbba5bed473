use std::process::ExitCode;
use std::time::Duration;

use coffee::{Action, Outcome, Record, Shop, count, seconds};

use super::{Case, each, even, serving, uneven};
use crate::announce::examine;
use crate::look::{Look, apart};
use crate::shops::Pace;
use crate::sitting::Sitting;

/// How long the customers of exercise 6 wait, in shop time.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// Exercise 6: customers who leave after 5 s of shop time. `serve` returns how many got their
/// coffee.
pub fn leaving(serve: impl AsyncFn(&Shop, u32) -> u32) -> ExitCode {
    const FAST: Pace = Pace::Each(Duration::from_secs(1));
    /// So slow that a customer leaves while paying.
    const SLOWEST: Pace = Pace::Each(Duration::from_secs(7));
    let fast = |customers| Case { customers, pace: FAST };
    let slowest = Case { customers: 2, pace: SLOWEST };
    examine(|| {
        each(
            &[even(3), even(1), even(8), fast(3), fast(1), uneven(12), slowest],
            serving(serve),
            judge,
            || {
                "All three left at 5.0 s, and at 5.0 s their milk stopped. Where each action takes 1 s, \
                 all three stayed and got their coffee, and where customers take different times each \
                 of them is served or leaves on their own"
                    .to_owned()
            },
        )
    })
}

fn judge(case: Case, sitting: &Sitting<u32>) -> Result<(), String> {
    let look = Look::at(&sitting.timeline);
    if look.nothing_began() {
        return look.each_order_is_done();
    }
    for customer in 1..=case.customers {
        let begun = look.times_of(customer).0;
        if !begun.is_zero() && begun < Duration::MAX {
            return Err(format!(
                "Customer {customer} was begun only at {}: all customers come at the same time, and \
                 none waits for another",
                seconds(begun)
            ));
        }
        match case.pace.coffee(customer) <= PATIENCE {
            true => stays(customer, case.pace, look)?,
            false => leaves(customer, look)?,
        }
    }
    look.own_actions_in_turn()?;
    let longest = case.pace.longest_coffee(case.customers).min(PATIENCE);
    look.took_exactly(longest, || match look.took() > longest {
        true => "no customer waits any longer, and serve still does".to_owned(),
        false => "serve went home before the last customer had left or was served".to_owned(),
    })?;
    let stayed = (1..=case.customers).filter(|c| case.pace.coffee(*c) <= PATIENCE).count();
    let returned = *sitting.returned()?;
    if returned as usize != stayed {
        return Err(format!(
            "serve says that {returned} of {} got their coffee, and the log says {stayed}: timeout \
             gives Ok if the coffee was done in time, and Err if the customer has left",
            count(case.customers.into(), "customer")
        ));
    }
    Ok(())
}

fn own(customer: u32, look: Look<'_>) -> impl Iterator<Item = &Record> {
    let of = Action::ALL.into_iter().flat_map(move |action| look.of(action));
    of.filter(move |record| record.lane == customer)
}

fn stays(customer: u32, pace: Pace, look: Look<'_>) -> Result<(), String> {
    let done: Vec<_> =
        own(customer, look).filter(|record| record.outcome == Some(Outcome::Finished)).collect();
    let out = done.iter().filter_map(|record| record.ended).max().unwrap_or_default();
    let due = pace.coffee(customer);
    if done.len() < Action::ALL.len() {
        return Err(format!(
            "Customer {customer} would have had the coffee at {}, and was willing to wait until {}, \
             but the coffee was never done: the patience is for the whole coffee, {} for each customer",
            seconds(due),
            seconds(PATIENCE),
            seconds(PATIENCE)
        ));
    }
    if done.len() > Action::ALL.len() {
        return look.each_order_is_done();
    }
    if out != due {
        let (out, due) = apart(out, due);
        return Err(format!(
            "Customer {customer} got the coffee at {out} instead of {due}: no customer waits for \
             another here"
        ));
    }
    Ok(())
}

fn leaves(customer: u32, look: Look<'_>) -> Result<(), String> {
    let left = seconds(PATIENCE);
    let last = own(customer, look).max_by_key(|record| (record.started, record.ended));
    let Some(last) = last else {
        return Err(format!("Customer {customer} came, and nothing was begun for them"));
    };
    let until = last.ended.unwrap_or(Duration::MAX);
    if until > PATIENCE {
        let (until, action) = (seconds(until), last.kind.name());
        return Err(match last.outcome {
            Some(Outcome::Finished) if look.took() > PATIENCE => format!(
                "Customer {customer} leaves at {left}, and was served until {until} all the same: put \
                 one timeout around the whole coffee. A timeout around one action says nothing about \
                 the others"
            ),
            _ => format!(
                "Customer {customer} left at {left}, and the work on {action} went on until {until} \
                 for a customer who is gone: a timeout drops what it waits for, and dropping a \
                 JoinHandle does not stop its task. Put the timeout around the future itself"
            ),
        });
    }
    if until < PATIENCE {
        return Err(format!(
            "Customer {customer} was willing to wait until {left}, and the work on the coffee ended \
             already at {}",
            seconds(until)
        ));
    }
    Ok(())
}
