use std::process::ExitCode;
use std::time::Duration;

use coffee::{Shop, seconds};

use super::{each, serving};
use crate::announce::examine;
use crate::look::Look;

/// Exercise 1: one customer after another, 6 s of shop time each.
///
/// After the talk's steps 1 and 2.
pub fn in_turn(serve: impl AsyncFn(&Shop, u32)) -> ExitCode {
    let goal = |customers| Duration::from_secs(6) * customers;
    examine(|| {
        each(
            &[3, 1, 7],
            serving(serve),
            |customers, sitting| {
                let look = Look::at(&sitting.timeline);
                look.all_are_served(customers)?;
                look.own_actions_in_turn()?;
                if let Some((one, other)) = look.customers_at_once() {
                    return Err(format!(
                        "Customers {one} and {other} are served at the same time, and so {} took \
                         {} instead of {}. That comes later; here nobody is served before the one \
                         in front has their coffee",
                        coffee::count(customers.into(), "customer"),
                        seconds(look.took()),
                        seconds(goal(customers))
                    ));
                }
                look.took_exactly(goal(customers), || look.what_waits())
            },
            || {
                "3 customers took 18.0 s, one after another: as simple as it gets, and as slow"
                    .to_owned()
            },
        )
    })
}
