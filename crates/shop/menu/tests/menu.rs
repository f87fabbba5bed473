//! What each step promises for any number of customers and any durations, on a paused clock.

use std::time::Duration;

use coffee::{Durations, Keep, OrderLog, Shop, Timeline};
use futures_util::FutureExt;
use menu::Step;
use proptest::prelude::*;
use tokio::runtime::Handle;

fn serve(step: Step, durations: Durations, customers: u32) -> Timeline {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_time().start_paused(true).build().expect("a runtime");
    runtime.block_on(async {
        let log = OrderLog::new(Keep::Everything);
        step.serve(&Shop::with_log(durations, &log), customers).await;
        log.answer();
        log.settled().await;
        log.timeline()
    })
}

/// When the last coffee is out.
fn last_coffee(step: Step, durations: Durations, customers: u32) -> Duration {
    let Durations { pay, espresso, milk } = durations;
    match step {
        _ if customers == 0 => Duration::ZERO,
        Step::Sequential => durations.one_after_another() * customers,
        Step::Spawned | Step::Joined => durations.one_after_another(),
        Step::NestedJoins | Step::Batched | Step::Table => pay.max(espresso).max(milk),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_customer_is_served_once_and_in_the_time_that_the_step_promises(
        customers in 0_u32..200,
        millis in prop::array::uniform3(1_u64..5_000),
    ) {
        let [pay, espresso, milk] = millis.map(Duration::from_millis);
        let durations = Durations { pay, espresso, milk };
        for step in Step::ALL {
            let timeline = serve(step, durations, customers);
            prop_assert_eq!(timeline.last_end(), last_coffee(step, durations, customers), "{}", step);
            prop_assert_eq!((timeline.served(), timeline.lost()), (customers, 0), "{}", step);
            prop_assert_eq!(timeline.records().len(), 3 * customers as usize, "{}", step);
            let answered = if step == Step::Spawned { Duration::ZERO } else { timeline.last_end() };
            prop_assert_eq!(timeline.answered(), Some(answered), "{}", step);
        }
    }
}

/// A client that hangs up while its three million are still being started must not wait for them,
/// and nor must the others: the future returns to the runtime after a hundred tasks or so.
#[tokio::test(start_paused = true)]
async fn a_large_order_can_be_dropped_while_it_starts() {
    for step in [Step::Joined, Step::NestedJoins, Step::Batched, Step::Table] {
        let log = OrderLog::new(Keep::Summary);
        let shop = Shop::with_log(Durations::default(), &log);
        tokio::task::yield_now().await; // begins with a whole budget
        let mut serve = Box::pin(step.serve(&shop, 3_000_000));
        assert!((&mut serve).now_or_never().is_none());
        let tasks = Handle::current().metrics().num_alive_tasks();
        assert!((1..200).contains(&tasks), "{step}: {tasks} tasks before it let others go first");
        drop(serve);
        log.settled().await;
        assert_eq!((log.timeline().served(), log.timeline().lost()), (0, 3_000_000), "{step}");
    }
}

#[test]
fn a_step_is_found_by_a_number_and_a_name_of_its_own() {
    for (one, step) in Step::ALL.into_iter().enumerate() {
        for other in &Step::ALL[one + 1..] {
            assert!(step.number() < other.number());
            assert_ne!(step.name(), other.name());
        }
    }
    assert_eq!(Step::ALL[..4], Step::TALK);
}
