//! A crowd, to the millisecond on a paused clock.

use std::time::Duration;

use batched::BATCH;
use coffee::{Action, Durations, Event, Keep, Observer, OrderLog, Outcome, Phase, Shop};
use futures_util::FutureExt;
use tokio::time::{sleep, timeout};

/// One, a batch and its neighbours, two batches and a bit, and more than the scheduler's budget
/// for one turn.
const SIZES: [u32; 6] = [1, BATCH - 1, BATCH, BATCH + 1, 2 * BATCH + 7, 10_000];

#[tokio::test(start_paused = true)]
async fn any_number_of_customers_takes_two_seconds() {
    for customers in SIZES {
        for keep in [Keep::Everything, Keep::Summary] {
            let log = OrderLog::new(keep);
            batched::serve(&Shop::with_log(Durations::default(), &log), customers).await;

            assert_eq!(log.answer().as_millis(), 2_000, "{customers}");
            let timeline = log.timeline();
            assert!(timeline.is_settled());
            assert_eq!((timeline.served(), timeline.lost()), (customers, 0));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_log_it_takes_two_seconds_too() {
    let began = tokio::time::Instant::now();
    batched::serve(&Shop::new(Durations::default()), 10_000).await;
    assert_eq!(began.elapsed().as_millis(), 2_000);
}

#[tokio::test(start_paused = true)]
async fn no_customers_take_no_time() {
    let log = OrderLog::new(Keep::Everything);
    batched::serve(&Shop::with_log(Durations::default(), &log), 0).await;
    assert_eq!(log.answer(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn every_customer_gets_each_action_exactly_once() {
    for customers in SIZES {
        let log = OrderLog::new(Keep::Everything);
        batched::serve(&Shop::with_log(Durations::default(), &log), customers).await;

        let timeline = log.timeline();
        let mut made: Vec<_> = timeline.records().iter().map(|r| (r.lane, r.kind.name())).collect();
        made.sort_unstable();
        let all = (1..=customers).flat_map(|n| ["espresso", "milk", "pay"].map(|a| (n, a)));
        assert!(made.into_iter().eq(all), "{customers}");
    }
}

#[tokio::test(start_paused = true)]
async fn everything_overlaps_in_one_task_a_batch() {
    let log = OrderLog::new(Keep::Everything);
    batched::serve(&Shop::with_log(Durations::default(), &log), 2 * BATCH + 7).await;

    let timeline = log.timeline();
    let records = timeline.records();
    let batch = |customer: u32| (customer - 1) / BATCH;
    for one in records {
        assert!(records.iter().all(|other| one.overlaps(other)));
        assert!(records.iter().all(|o| (batch(one.lane) == batch(o.lane)) == (one.task == o.task)));
    }
}

#[tokio::test(start_paused = true)]
async fn a_customer_takes_as_long_as_the_longest_action() {
    let [pay, espresso, milk] = [1, 5, 3].map(Duration::from_secs);
    let log = OrderLog::new(Keep::Everything);
    batched::serve(&Shop::with_log(Durations { pay, espresso, milk }, &log), 2 * BATCH).await;

    assert_eq!(log.answer(), espresso);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_future_stops_the_brewing() {
    for customers in SIZES {
        let log = OrderLog::new(Keep::Everything);
        let shop = Shop::with_log(Durations::default(), &log);
        let late = timeout(Duration::from_secs(1), batched::serve(&shop, customers)).await;
        assert!(late.is_err());
        sleep(Duration::from_secs(60)).await;

        let timeline = log.timeline();
        assert!(timeline.is_settled());
        assert_eq!((timeline.served(), timeline.lost()), (0, customers));
        assert_eq!(timeline.records().len(), 3 * customers as usize);
        for record in timeline.records() {
            assert_eq!(record.outcome, Some(Outcome::Cancelled));
            assert_eq!(record.ended, Some(Duration::from_secs(1)));
        }
    }
}

/// Dropped before its first turn, a task has taken its orders along, and loses them.
#[tokio::test(start_paused = true)]
async fn batches_that_never_began_are_lost_and_counted() {
    let log = OrderLog::new(Keep::Everything);
    let shop = Shop::with_log(Durations::default(), &log);
    let mut serve = Box::pin(batched::serve(&shop, 10_000));
    assert!((&mut serve).now_or_never().is_none());
    drop(serve);
    log.settled().await;

    let timeline = log.timeline();
    assert_eq!((timeline.served(), timeline.lost()), (0, 10_000));
    assert!(timeline.records().is_empty(), "nothing had begun");
}

/// Panics when it hears of a certain customer.
#[derive(Debug)]
struct Superstitious;

impl Observer<Action> for Superstitious {
    fn event(&self, event: &Event) {
        let unlucky = event.lane == 13 && event.phase == Phase::Finished;
        assert!(!unlucky, "customer 13 is served");
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_reaches_the_caller_and_stops_the_others() {
    let log = OrderLog::observed(Keep::Everything, vec![std::sync::Arc::new(Superstitious)]);
    let [pay, espresso, milk] = [1, 5, 5].map(Duration::from_secs);
    let shop = Shop::with_log(Durations { pay, espresso, milk }, &log);
    let served = tokio::spawn(async move { batched::serve(&shop, 3 * BATCH).await });
    let end = timeout(Duration::from_secs(60), served).await.expect("it does not hang");
    assert!(end.expect_err("the caller hears of it").is_panic());
    sleep(Duration::from_secs(60)).await;

    let timeline = log.timeline();
    assert_eq!(timeline.served(), 0);
    assert_eq!(timeline.last_end(), pay, "nothing goes on after the panic");
}
