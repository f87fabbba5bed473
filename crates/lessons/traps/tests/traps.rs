//! What each trap does, and that its way out does not.

use std::collections::BTreeSet;
use std::time::Duration;

use coffee::{Durations, Keep, OrderLog, Outcome, Shop, Timeline};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

const LONG: Duration = Duration::from_secs(60);

fn logged() -> (OrderLog, Shop) {
    let log = OrderLog::new(Keep::Everything);
    let shop = Shop::with_log(Durations::default(), &log);
    (log, shop)
}

/// The most customers who were under way at the same time.
fn crowd(timeline: &Timeline) -> usize {
    let records = timeline.records();
    let beside = |one| records.iter().filter(|other| other.overlaps(one)).count();
    records.iter().map(beside).max().unwrap_or(0)
}

#[tokio::test(start_paused = true)]
async fn a_future_that_is_not_awaited_makes_no_coffee() {
    let (log, shop) = logged();
    traps::serve_lazily(&shop).await;
    sleep(LONG).await;
    let timeline = log.timeline();
    assert_eq!((timeline.records().len(), timeline.served(), timeline.lost()), (0, 0, 3));

    let (log, shop) = logged();
    traps::serve_really(&shop).await;
    assert_eq!((log.answer().as_secs(), log.timeline().served()), (18, 3));
}

#[tokio::test(start_paused = true)]
async fn a_dropped_join_set_stops_its_coffees() {
    let (log, shop) = logged();
    traps::leave_early(&shop).await;
    sleep(LONG).await;
    let timeline = log.timeline();
    assert_eq!((timeline.served(), timeline.lost()), (0, 3));
    assert_eq!(timeline.last_end(), traps::PATIENCE);
}

#[tokio::test(start_paused = true)]
async fn three_waits_at_once_need_no_task_of_their_own() {
    let (log, shop) = logged();
    let order = shop.orders(1).next().expect("one order");
    traps::all_at_once(order).await;
    assert_eq!(log.answer().as_secs(), 2);
    let timeline = log.timeline();
    let tasks: BTreeSet<_> = timeline.records().iter().map(|record| record.task).collect();
    assert_eq!((timeline.records().len(), tasks.len()), (3, 1));
}

#[tokio::test(start_paused = true)]
async fn a_forgotten_task_panics_unheard() {
    let (log, shop) = logged();
    traps::serve_forgotten(&shop, 3).await;
    assert_eq!(log.answer(), Duration::ZERO, "the answer comes before the first coffee");
    sleep(LONG).await;
    assert_eq!(log.timeline().lost(), 3, "and everything goes on as if all were well");
}

#[tokio::test(start_paused = true)]
async fn an_owner_hears_of_the_panic() {
    let (_log, shop) = logged();
    let mut watched = JoinSet::new();
    watched.spawn(async move { traps::serve_owned(&shop, 3).await });
    let error = watched.join_next().await.expect("a task").expect_err("it panics");
    assert!(error.is_panic());
}

#[test]
fn a_blocking_sleep_makes_all_customers_queue() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let runtime = runtime.expect("a runtime");
    let coffee = Duration::from_millis(20);
    let took = runtime.block_on(async {
        let start = Instant::now(); // no clock is paused here: this is wall time
        traps::serve_blocking(3, coffee).await;
        start.elapsed()
    });
    assert!(took >= 3 * coffee, "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_gives_the_worker_back_lets_all_customers_wait_at_once() {
    let start = Instant::now();
    traps::serve_waiting(3, Duration::from_millis(20)).await;
    assert_eq!(start.elapsed().as_millis(), 20);
}

#[tokio::test(start_paused = true)]
async fn without_a_bound_the_crowd_is_as_large_as_the_request() {
    let (log, shop) = logged();
    traps::serve_unbounded(&shop, 50).await;
    assert_eq!(crowd(&log.timeline()), 50);
}

#[tokio::test(start_paused = true)]
async fn with_a_bound_the_crowd_is_as_large_as_the_shop() {
    let (log, shop) = logged();
    traps::serve_bounded(&shop, 50, 10).await;
    assert_eq!((crowd(&log.timeline()), log.timeline().served()), (10, 50));
    assert_eq!(log.answer().as_secs(), 5 * 6, "five rounds of ten");
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "without a place")]
async fn a_shop_without_a_place_says_so_instead_of_waiting_for_ever() {
    traps::serve_bounded(&logged().1, 1, 0).await;
}

#[tokio::test(start_paused = true)]
async fn a_lock_across_the_coffee_makes_all_customers_queue() {
    let (log, shop) = logged();
    assert_eq!(traps::serve_locked(&shop, 3).await, 3);
    assert_eq!(log.answer().as_secs(), 18);
}

#[tokio::test(start_paused = true)]
async fn a_lock_after_the_coffee_holds_no_customer_up() {
    let (log, shop) = logged();
    assert_eq!(traps::serve_unlocked(&shop, 3).await, 3);
    assert_eq!(log.answer().as_secs(), 6);
}

#[tokio::test(start_paused = true)]
async fn join_finishes_the_rest_and_try_join_stops_it() {
    let (log, shop) = logged();
    let order = shop.orders(1).next().expect("one order");
    assert_eq!(traps::finish_the_rest(&order).await, Err(traps::NoBeans));
    assert_eq!((log.answer().as_secs(), ended(&log.timeline())), (2, (2, 0)));

    let (log, shop) = logged();
    let order = shop.orders(1).next().expect("one order");
    assert_eq!(traps::stop_the_rest(&order).await, Err(traps::NoBeans));
    assert_eq!((log.answer().as_secs(), ended(&log.timeline())), (1, (0, 2)));
}

#[tokio::test(start_paused = true)]
async fn what_was_paid_stays_paid_when_the_customer_leaves() {
    let (log, shop) = logged();
    let paid = traps::pay_and_leave(&shop, Duration::from_secs(1)).await;
    assert_eq!((paid, ended(&log.timeline())), (traps::Paid::ToBeReturned, (1, 1)));

    let (log, shop) = logged();
    let paid = traps::pay_and_leave(&shop, LONG).await;
    assert_eq!((paid, ended(&log.timeline())), (traps::Paid::ForCoffee, (3, 0)));
}

/// How many actions were finished, and how many were cancelled.
fn ended(timeline: &Timeline) -> (usize, usize) {
    let cancelled = timeline
        .records()
        .iter()
        .filter(|record| record.outcome == Some(Outcome::Cancelled))
        .count();
    (timeline.records().len() - cancelled, cancelled)
}
