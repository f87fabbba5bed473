use std::process::ExitCode;
use std::time::Duration;

use coffee::{Shop, count, seconds};

use super::{Case, each, even, serving, uneven};
use crate::announce::examine;
use crate::look::Look;

/// Exercise 1: one customer after another, 6 s of shop time each.
///
/// After the talk's steps 1 and 2.
pub fn in_turn(serve: impl AsyncFn(&Shop, u32)) -> ExitCode {
    examine(|| {
        each(
            &[even(3), even(1), even(7), uneven(5)],
            serving(serve),
            |case, sitting| judge(case, Look::at(&sitting.timeline)),
            || {
                "3 customers took 18.0 s, one after another: as simple as it gets, and as slow"
                    .to_owned()
            },
        )
    })
}

fn judge(case: Case, look: Look<'_>) -> Result<(), String> {
    let goal: Duration = (1..=case.customers).map(|customer| case.pace.coffee(customer)).sum();
    look.all_are_served(case.customers)?;
    look.own_actions_in_turn()?;
    if let Some((one, other)) = look.customers_at_once() {
        return Err(format!(
            "Customers {one} and {other} are served at the same time{}. That comes later; here each \
             customer waits until the one in front has all of their coffee",
            match seconds(look.took()) {
                took if took == seconds(goal) => String::new(),
                took => format!(
                    ", and so {} took {took} instead of {}",
                    count(case.customers.into(), "customer"),
                    seconds(goal)
                ),
            }
        ));
    }
    for customer in 2..=case.customers {
        let before = customer - 1;
        let (begun, done) = (look.times_of(customer).0, look.times_of(before).1);
        if begun < done {
            return Err(format!(
                "Customer {customer} was begun at {}, before customer {before}, who came first, had all \
                 of their coffee at {}: serve the customers in the order in which they came, each of \
                 them to the end",
                seconds(begun),
                seconds(done)
            ));
        }
    }
    look.took_exactly(goal, || look.what_waits())
}
