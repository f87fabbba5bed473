use std::process::ExitCode;

use coffee::{Shop, count};

use super::{A_CROWD, each, even, serving, uneven, waits_for_all};
use crate::announce::examine;
use crate::look::Look;

/// Exercise 4: the customers joined, and for each of them the three actions; 2 s of shop time for
/// any number.
///
/// After the talk's step 5.
pub fn nested_joins(serve: impl AsyncFn(&Shop, u32)) -> ExitCode {
    examine(|| {
        let verdict = each(
            &[even(3), even(1), even(30), uneven(7), uneven(A_CROWD)],
            serving(&serve),
            |case, sitting| {
                let customers = case.customers;
                let look = Look::at(&sitting.timeline);
                look.all_are_served(customers)?;
                let tasks = look.tasks();
                if tasks > customers as usize {
                    return Err(format!(
                        "{} were served in {tasks} tasks; one each is enough: join! waits for \
                         several futures at the same time within one task",
                        count(customers.into(), "customer")
                    ));
                }
                look.took_exactly(case.pace.longest_action(customers), || look.what_waits())
            },
            || {
                "3 customers took 2.0 s, as long as one action: what can wait at the same time, does"
                    .to_owned()
            },
        );
        verdict.and(|| waits_for_all(&serve))
    })
}
