use std::process::ExitCode;
use std::time::Duration;

use coffee::Shop;

use super::{each, serving, waits_for_all};
use crate::announce::examine;
use crate::look::Look;

/// Exercise 3: a task for each customer, and all of them awaited; 6 s of shop time for any number.
///
/// After the talk's step 4.
pub fn joined(serve: impl AsyncFn(&Shop, u32)) -> ExitCode {
    examine(|| {
        let mut verdict = each(
            &[3, 1, 30],
            serving(&serve),
            |customers, sitting| {
                let look = Look::at(&sitting.timeline);
                look.all_are_served(customers)?;
                look.own_actions_in_turn()?;
                look.took_exactly(Duration::from_secs(6), || look.what_waits())
            },
            || {
                "3 customers took 6.0 s, and 30 take no longer: nobody waits for another customer"
                    .to_owned()
            },
        );
        if verdict.outcome.is_ok() {
            verdict.outcome = waits_for_all(&serve).and(verdict.outcome);
        }
        verdict
    })
}
