//! Step 5, to the millisecond on a paused clock.

use std::time::Duration;

use coffee::{Durations, Keep, OrderLog, Outcome, Shop};
use tokio::time::{sleep, timeout};

#[tokio::test(start_paused = true)]
async fn any_number_of_customers_takes_two_seconds() {
    for customers in [1, 3, 1000] {
        let log = OrderLog::new(Keep::Everything);
        nested_joins::serve(&Shop::with_log(Durations::default(), &log), customers).await;

        assert_eq!(log.answer().as_millis(), 2_000);
        assert_eq!(log.timeline().served(), customers);
    }
}

#[tokio::test(start_paused = true)]
async fn a_customer_takes_as_long_as_the_longest_action() {
    let [pay, espresso, milk] = [1, 5, 3].map(Duration::from_secs);
    let log = OrderLog::new(Keep::Everything);
    nested_joins::serve(&Shop::with_log(Durations { pay, espresso, milk }, &log), 3).await;

    assert_eq!(log.answer(), espresso);
}

#[tokio::test(start_paused = true)]
async fn everything_overlaps_in_one_task_a_customer() {
    let log = OrderLog::new(Keep::Everything);
    nested_joins::serve(&Shop::with_log(Durations::default(), &log), 3).await;

    let timeline = log.timeline();
    let records = timeline.records();
    assert_eq!(records.len(), 9);
    for one in records {
        assert!(records.iter().all(|other| one.overlaps(other)));
        assert!(records.iter().all(|o| (one.lane == o.lane) == (one.task == o.task)));
    }
}

#[tokio::test(start_paused = true)]
async fn a_dropped_future_stops_the_brewing() {
    let log = OrderLog::new(Keep::Everything);
    let shop = Shop::with_log(Durations::default(), &log);
    let late = timeout(Duration::from_secs(1), nested_joins::serve(&shop, 3)).await;
    assert!(late.is_err());
    sleep(Duration::from_secs(60)).await;

    let timeline = log.timeline();
    assert_eq!((timeline.served(), timeline.lost()), (0, 3));
    assert_eq!(timeline.records().len(), 9);
    for record in timeline.records() {
        assert_eq!(record.outcome, Some(Outcome::Cancelled));
        assert_eq!(record.ended, Some(Duration::from_secs(1)));
    }
}
