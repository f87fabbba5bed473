use std::future::pending;
use std::time::Duration;

use menu::Step;
use server::Front;
use serving::Drain;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use crate::support::{ask, count, front, order, orders, settle, shop_for_ten};

fn close(shop: &Front, drain_delay: u64, grace: u64) -> JoinHandle<u64> {
    let second = Duration::from_secs;
    let drain = Drain { delay: second(drain_delay), grace: second(grace) };
    let shop = shop.clone();
    tokio::spawn(async move { drain.run(shop.admission(), async {}, pending()).await })
}

async fn ready(shop: &Front) -> u16 {
    ask(shop.router(), "/readyz").await.status.as_u16()
}

#[tokio::test(start_paused = true)]
async fn an_empty_shop_closes_at_once() {
    let shop = shop_for_ten();
    assert_eq!(ready(&shop).await, 200);
    let began = Instant::now();
    assert_eq!(close(&shop, 0, 20).await.expect("no panic"), 0);
    assert_eq!(began.elapsed(), Duration::ZERO);
    assert_eq!(ready(&shop).await, 503);
    assert_eq!(ask(shop.router(), "/healthz").await.status, 200, "it is closing, not sick");
}

#[tokio::test(start_paused = true)]
async fn while_it_drains_it_is_not_ready_and_goes_on_serving() {
    let shop = shop_for_ten();
    let closed = close(&shop, 10, 20);
    settle().await;
    assert_eq!(ready(&shop).await, 503);
    assert_eq!(order(&shop, 3).await.status, 200);
    let began = Instant::now();
    assert_eq!(closed.await.expect("no panic"), 0);
    assert_eq!(began.elapsed(), Duration::from_secs(8), "two of the ten are over");
}

#[tokio::test(start_paused = true)]
async fn after_that_new_orders_are_refused_and_their_connection_closed() {
    let shop = shop_for_ten();
    let accepted = orders(&shop, 3);
    settle().await;
    let closed = close(&shop, 0, 20);
    settle().await;
    let refused = order(&shop, 1).await;
    assert_eq!(refused.status, 503);
    assert_eq!(refused.headers["connection"], "close");
    assert!(
        refused.text.starts_with("The shop is closing. Nothing was brewed"),
        "{}",
        refused.text
    );
    assert_eq!(accepted.await.expect("it is served").status, 200);
    assert_eq!(closed.await.expect("no panic"), 0);
    assert_eq!((count(&shop).served, count(&shop).shed), (3, 1));
}

#[tokio::test(start_paused = true)]
async fn closing_turns_waiting_orders_away_and_finishes_admitted_ones() {
    let shop = shop_for_ten();
    let (served, waiting) = (orders(&shop, 10), orders(&shop, 1));
    settle().await;
    let closed = close(&shop, 0, 20);
    let waiting = waiting.await.expect("no panic");
    assert_eq!(
        (waiting.status.as_u16(), &waiting.headers["connection"]),
        (503, &"close".parse().expect("a value"))
    );
    assert_eq!(served.await.expect("no panic").status, 200);
    assert_eq!(closed.await.expect("no panic"), 0);
}

#[tokio::test(start_paused = true)]
async fn an_unlimited_shop_refuses_too_when_it_closes() {
    let shop = front(Step::NestedJoins, None, 0);
    close(&shop, 0, 20).await.expect("no panic");
    assert_eq!(order(&shop, 1).await.status, 503);
}

#[tokio::test(start_paused = true)]
async fn a_grace_period_that_is_over_leaves_the_rest_and_says_how_many() {
    let shop = shop_for_ten();
    let slow = tokio::spawn(ask(shop.router(), "/serve-customer/10?step=2"));
    settle().await;
    let began = Instant::now();
    assert_eq!(close(&shop, 1, 20).await.expect("no panic"), 10);
    assert_eq!(began.elapsed(), Duration::from_secs(21));
    slow.abort();
    settle().await;
    let counts = count(&shop);
    let made = (counts.served, counts.undelivered, counts.abandoned);
    assert_eq!(made, (0, 3, 7), "three coffees were made, and no answer written");
}

#[tokio::test(start_paused = true)]
async fn closing_waits_for_the_coffees_of_step_3() {
    let shop = front(Step::Spawned, Some(10), 2);
    assert_eq!(order(&shop, 3).await.status, 200);
    let began = Instant::now();
    assert_eq!(close(&shop, 0, 20).await.expect("no panic"), 0);
    assert_eq!((began.elapsed().as_secs(), count(&shop).served), (6, 3));
}

#[tokio::test(start_paused = true)]
async fn a_second_signal_ends_it_at_once() {
    let shop = shop_for_ten();
    let _brewing = orders(&shop, 4);
    settle().await;
    let drain = Drain { delay: Duration::from_secs(10), grace: Duration::from_secs(20) };
    let began = Instant::now();
    let insist = sleep(Duration::from_secs(1));
    assert_eq!(drain.run(shop.admission(), async {}, insist).await, 4);
    assert_eq!(began.elapsed(), Duration::from_secs(1));
    assert_eq!(order(&shop, 1).await.status, 503);
}
