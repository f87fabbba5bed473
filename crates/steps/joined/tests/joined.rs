//! Step 4, to the millisecond on a paused clock.

use std::time::Duration;

use coffee::{Action, Durations, Keep, OrderLog, Outcome, Shop};
use tokio::time::{sleep, timeout};

#[tokio::test(start_paused = true)]
async fn any_number_of_customers_takes_six_seconds() {
    for customers in [1, 3, 1000] {
        let log = OrderLog::new(Keep::Everything);
        joined::serve(&Shop::with_log(Durations::default(), &log), customers).await;

        assert_eq!(log.answer().as_millis(), 6_000);
        assert_eq!(log.timeline().served(), customers);
    }
}

#[tokio::test(start_paused = true)]
async fn all_customers_overlap_and_the_actions_of_one_do_not() {
    let log = OrderLog::new(Keep::Everything);
    joined::serve(&Shop::with_log(Durations::default(), &log), 3).await;

    let timeline = log.timeline();
    for one in timeline.records() {
        for other in timeline.records() {
            let same_action = one.kind == other.kind;
            assert_eq!(one.overlaps(other), same_action, "{one:?} {other:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_dropped_future_stops_the_brewing() {
    let log = OrderLog::new(Keep::Everything);
    let shop = Shop::with_log(Durations::default(), &log);
    let late = timeout(Duration::from_secs(3), joined::serve(&shop, 3)).await;
    assert!(late.is_err());
    sleep(Duration::from_secs(60)).await;

    let timeline = log.timeline();
    assert_eq!((timeline.served(), timeline.lost()), (0, 3));
    assert_eq!(timeline.last_end().as_millis(), 3_000);
    assert_eq!(timeline.records().len(), 6, "nothing begins after the end");
    for record in timeline.records() {
        let paid = record.kind == Action::Pay;
        let outcome = if paid { Outcome::Finished } else { Outcome::Cancelled };
        assert_eq!(record.outcome, Some(outcome), "{record:?}");
    }
}
