use std::process::ExitCode;
use std::time::Duration;

use coffee::{Action, Shop, Timeline, seconds};

use super::{each, is_about, serving};
use crate::announce::{Verdict, examine};
use crate::look::Look;

/// How many espresso machines the shop of exercise 5 has.
pub const MACHINES: usize = 2;

/// Exercise 5: everybody at once, but two espresso machines. The prediction is for 10 customers,
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
            &[10, 1, 3],
            serving(serve),
            |customers, sitting| judge(customers, &sitting.timeline),
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

fn judge(customers: u32, timeline: &Timeline) -> Result<(), String> {
    let look = Look::at(timeline);
    look.everybody_is_served()?;
    look.own_actions_in_turn()?;
    let most = look.most_at_once(Action::Espresso);
    if most > MACHINES {
        return Err(format!(
            "{most} espressos were made at the same time, on {MACHINES} machines. A permit counts \
             while it is held: `let _ = ...` drops it at once, `let _permit = ...` at the end of \
             the block"
        ));
    }
    let rounds = customers.div_ceil(MACHINES as u32);
    look.took_exactly(Duration::from_secs((4 + 2 * rounds).into()), || {
        if look.took() < timeline.last_end() {
            return look.what_waits();
        }
        if look.of(Action::Pay).any(|pay| !pay.started.is_zero()) {
            let late = look.of(Action::Pay).map(|pay| pay.started).max().unwrap_or_default();
            return format!(
                "the last customer could pay only at {}. Nobody needs a machine to pay: take the \
                 permit later",
                seconds(late)
            );
        }
        if most < MACHINES {
            return format!(
                "only {most} espresso at a time was made, and the other machine stood still"
            );
        }
        "a machine stood still while milk was steamed. Give the permit back as soon as the \
         espresso is made"
            .to_owned()
    })
}
