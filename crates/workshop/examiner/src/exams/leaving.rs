use std::process::ExitCode;
use std::time::Duration;

use coffee::{Action, Durations, OrderLog, Outcome, Record, Shop, count, seconds};

use super::each;
use crate::announce::{Verdict, examine};
use crate::look::Look;
use crate::sitting::{After, Sitting, sit};

/// How long the customers of exercise 6 wait, in shop time.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// Exercise 6: customers who leave after 5 s of shop time. `serve` returns how many got their
/// coffee.
pub fn leaving(serve: impl AsyncFn(&Shop, u32) -> u32) -> ExitCode {
    let shop_where_each_takes = |action: Duration| {
        let serve = &serve;
        move |customers| {
            let work = async move |shop: &Shop, _: &OrderLog| serve(shop, customers).await;
            sit(Durations::each(action), After::Settle, work)
        }
    };
    examine(|| {
        let slow = each(
            &[3, 1, 8],
            shop_where_each_takes(Duration::from_secs(2)),
            |_, sitting| judge_slow(sitting),
            String::new,
        );
        if slow.outcome.is_err() {
            return slow;
        }
        let fast = each(&[3, 1], shop_where_each_takes(Duration::from_secs(1)), judge_fast, || {
            "All three left at 5.0 s, and at 5.0 s their milk stopped. Where each action takes 1 s, \
                 all three stayed and got their coffee"
                    .to_owned()
        });
        if fast.outcome.is_err() { fast } else { Verdict { timeline: slow.timeline, ..fast } }
    })
}

fn judge_slow(sitting: &Sitting<u32>) -> Result<(), String> {
    let timeline = &sitting.timeline;
    let look = Look::at(timeline);
    if look.nothing_began() {
        return look.everybody_is_served();
    }
    if look.took() > PATIENCE {
        return Err(format!(
            "The customers leave after {}, and serve waited {} all the same: put a timeout around \
             the whole coffee, because each action for itself is short",
            seconds(PATIENCE),
            seconds(look.took())
        ));
    }
    let for_nobody = |milk: &&Record| milk.outcome == Some(Outcome::Finished);
    let steamed = look.of(Action::Milk).filter(for_nobody).count();
    if steamed > 0 || timeline.last_end() > PATIENCE {
        return Err(format!(
            "{} left at {}, and their milk was steamed until {}, for nobody: a timeout drops what \
             it waits for, and dropping a JoinHandle does not stop its task. Put the timeout around \
             the future itself",
            count(timeline.accepted().into(), "customer"),
            seconds(look.took()),
            seconds(timeline.last_end())
        ));
    }
    look.took_exactly(PATIENCE, || {
        "they were sent away while they would still have waited".to_owned()
    })?;
    look.own_actions_in_turn()?;
    let returned = *sitting.returned()?;
    if returned != 0 {
        return Err(format!(
            "serve says that {returned} got their coffee, and the log says that nobody did"
        ));
    }
    Ok(())
}

fn judge_fast(customers: u32, sitting: &Sitting<u32>) -> Result<(), String> {
    let look = Look::at(&sitting.timeline);
    look.everybody_is_served().map_err(|sentence| {
        format!("In a shop where each action takes 1 s nobody has to leave. {sentence}")
    })?;
    look.took_exactly(Duration::from_secs(3), || look.what_waits())?;
    let returned = *sitting.returned()?;
    if returned != customers {
        return Err(format!(
            "In a shop where each action takes 1 s, serve says that {returned} of {customers} got \
             their coffee, and the log says that all did"
        ));
    }
    Ok(())
}
