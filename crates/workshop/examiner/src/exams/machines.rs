use std::process::ExitCode;
use std::time::Duration;

use coffee::{Action, Record, Shop, Timeline, seconds};

use super::{A_CROWD, Case, each, even, is_about, serving, uneven};
use crate::announce::{Verdict, examine};
use crate::look::Look;

/// How many espresso machines the shop of exercise 5 has.
pub const MACHINES: usize = 2;

/// Exercise 5: all customers at once, but two espresso machines. The prediction is for 10 customers,
/// in seconds of shop time.
pub fn two_machines(prediction: Option<f64>, serve: impl AsyncFn(&Shop, u32)) -> ExitCode {
    examine(|| {
        let Some(predicted) = prediction else {
            return Verdict::before_any_run(
                "Predict first: how many seconds do 10 customers take? Put the number into \
                 PREDICTION_SECONDS, such as Some(1.0)"
                    .to_owned(),
            );
        };
        let mut verdict = each(
            &[even(10), even(1), even(3), uneven(6), uneven(11), uneven(A_CROWD)],
            serving(serve),
            |case, sitting| judge(case, &sitting.timeline),
            || {
                "10 customers took 14.0 s, as you said: 2 s to pay, five rounds of two espressos, 2 s for \
                 the last milk. A bound costs time, and only where the shop is short of something"
                    .to_owned()
            },
        );
        if verdict.outcome.is_ok() && !is_about(predicted, 14.0) {
            verdict.outcome = Err(format!(
                "You predicted {predicted:.1} s, and 10 customers took 14.0 s. Look at the picture: \
                 all pay at once, the espressos come two by two, and the milk of one is steamed \
                 while the espresso of the next is made. Correct PREDICTION_SECONDS"
            ));
        }
        verdict
    })
}

fn judge(case: Case, timeline: &Timeline) -> Result<(), String> {
    let look = Look::at(timeline);
    look.all_are_served(case.customers)?;
    look.own_actions_in_turn()?;
    let most = look.most_at_once(Action::Espresso);
    if most > MACHINES {
        return Err(format!(
            "{most} espressos were made at the same time, on {MACHINES} machines. A permit counts \
             while it is held: `let _ = ...` drops it at once, `let _permit = ...` at the end of \
             the block. Hold one while the espresso is made, and none besides"
        ));
    }
    if let Some(late) = look.of(Action::Pay).filter(|pay| !pay.started.is_zero()).last() {
        return Err(format!(
            "Customer {} could pay only at {}. To pay, no machine is needed: take the permit later",
            late.lane,
            seconds(late.started)
        ));
    }
    no_machine_stands_still(case.customers, look)?;
    for customer in 1..=case.customers {
        let [espresso, milk] = [Action::Espresso, Action::Milk].map(|a| record(look, customer, a));
        if espresso.ended != Some(milk.started) {
            return Err(format!(
                "Customer {customer} had the espresso at {} and waited until {} for the milk, which \
                 needs no machine",
                seconds(espresso.ended.unwrap_or_default()),
                seconds(milk.started)
            ));
        }
    }
    look.took_exactly(timeline.last_end(), || look.what_waits())
}

fn record<'a>(look: Look<'a>, customer: u32, action: Action) -> &'a Record {
    let own = |record: &&Record| record.lane == customer;
    look.of(action).find(own).expect("each order is done")
}

/// Whenever a customer who has paid waits, both machines are in use.
fn no_machine_stands_still(customers: u32, look: Look<'_>) -> Result<(), String> {
    let espressos: Vec<(Duration, Duration)> = look
        .of(Action::Espresso)
        .map(|espresso| (espresso.started, espresso.ended.unwrap_or_default()))
        .collect();
    let in_use =
        |at: Duration| espressos.iter().filter(|(from, to)| *from <= at && at < *to).count();
    for customer in 1..=customers {
        let paid = record(look, customer, Action::Pay).ended.unwrap_or_default();
        let begun = record(look, customer, Action::Espresso).started;
        // A machine becomes free only at an end.
        let ends = espressos.iter().map(|(_, end)| *end).chain([paid]);
        let free = ends.filter(|at| (paid..begun).contains(at)).find(|at| in_use(*at) < MACHINES);
        if let Some(free) = free {
            let only_one = look.most_at_once(Action::Espresso) < MACHINES;
            let why = match only_one {
                true => "Never more than one espresso was made at a time: there are two permits",
                false => {
                    "Wait for a free machine, whichever it is, and give the permit back as soon as \
                     the espresso is made, before the milk"
                }
            };
            return Err(format!(
                "Customer {customer}, who had paid, waited for a machine from {} to {}, and at {} \
                 one of the {MACHINES} machines stood still. {why}",
                seconds(paid),
                seconds(begun),
                seconds(free)
            ));
        }
    }
    Ok(())
}
