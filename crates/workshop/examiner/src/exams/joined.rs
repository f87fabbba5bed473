use std::process::ExitCode;

use coffee::Shop;

use super::{A_CROWD, each, even, serving, uneven, waits_for_all};
use crate::announce::examine;
use crate::look::Look;

/// Exercise 3: a task for each customer, and all of them awaited; 6 s of shop time for any number.
///
/// After the talk's step 4.
pub fn joined(serve: impl AsyncFn(&Shop, u32)) -> ExitCode {
    examine(|| {
        let verdict = each(
            &[even(3), even(1), even(30), uneven(7), uneven(A_CROWD)],
            serving(&serve),
            |case, sitting| {
                let look = Look::at(&sitting.timeline);
                look.all_are_served(case.customers)?;
                look.own_actions_in_turn()?;
                look.took_exactly(case.pace.longest_coffee(case.customers), || look.what_waits())
            },
            || {
                "3 customers took 6.0 s, and 30 take no longer: no customer waits for another"
                    .to_owned()
            },
        );
        verdict.and(|| waits_for_all(&serve))
    })
}
