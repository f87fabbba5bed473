//! Steps 1 and 2, to the millisecond on a paused clock.

use std::time::Duration;

use coffee::{Durations, Keep, OrderLog, Outcome, Shop};
use tokio::time::timeout;

#[tokio::test(start_paused = true)]
async fn each_customer_takes_six_seconds() {
    for customers in [1, 3, 10] {
        let log = OrderLog::new(Keep::Everything);
        sequential::serve(&Shop::with_log(Durations::default(), &log), customers).await;

        assert_eq!(log.answer().as_millis(), 6_000 * u128::from(customers));
        assert_eq!(log.timeline().served(), customers);
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_overlaps() {
    let log = OrderLog::new(Keep::Everything);
    sequential::serve(&Shop::with_log(Durations::default(), &log), 3).await;

    let timeline = log.timeline();
    let records = timeline.records();
    assert_eq!(records.len(), 9);
    for (i, one) in records.iter().enumerate() {
        assert!(records[..i].iter().all(|other| !one.overlaps(other)), "{one:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_dropped_future_stops_the_brewing() {
    let log = OrderLog::new(Keep::Everything);
    let shop = Shop::with_log(Durations::default(), &log);
    let late = timeout(Duration::from_secs(9), sequential::serve(&shop, 3)).await;
    assert!(late.is_err());
    log.settled().await;

    let timeline = log.timeline();
    assert_eq!((timeline.served(), timeline.lost()), (1, 2));
    // Customer 2 had paid and waited for the espresso; customer 3 had not begun.
    let last = timeline.records().last().expect("five actions had begun");
    assert_eq!((last.lane, last.outcome), (2, Some(Outcome::Cancelled)));
    assert_eq!(timeline.last_end().as_millis(), 9_000);
}
