use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::Request;
use menu::Step;
use tokio::time::{Instant, sleep};
use tower::ServiceExt;

use crate::support::{MAX_WAIT, ask, count, front, order, orders, settle, shop_for_ten};

#[tokio::test(start_paused = true)]
async fn a_shop_that_is_exactly_full_serves_all_at_once() {
    let shop = shop_for_ten();
    let began = Instant::now();
    let (one, other) = tokio::join!(order(&shop, 4), order(&shop, 6));
    assert_eq!((one.status.as_u16(), other.status.as_u16()), (200, 200));
    assert_eq!(began.elapsed(), Duration::from_secs(2));
    assert_eq!((count(&shop).served, shop.admission().room()), (10, Some(10)));
}

#[tokio::test(start_paused = true)]
async fn one_more_waits_until_there_is_room() {
    let shop = shop_for_ten();
    let full = orders(&shop, 10);
    settle().await;
    let began = Instant::now();
    let one_more = orders(&shop, 1);
    settle().await;
    assert_eq!((count(&shop).in_flight, count(&shop).waiting), (10, 1));
    assert_eq!(one_more.await.expect("no panic").status, 200);
    assert_eq!(began.elapsed(), Duration::from_secs(4), "two for the others, two for its own");
    assert_eq!(full.await.expect("no panic").status, 200);
}

#[tokio::test(start_paused = true)]
async fn a_queue_that_is_full_turns_the_next_away_at_once_with_a_time_to_come_back() {
    let shop = shop_for_ten();
    let _served = [orders(&shop, 10), orders(&shop, 1), orders(&shop, 1)];
    settle().await;
    let began = Instant::now();
    let shed = order(&shop, 3).await;
    assert_eq!((shed.status.as_u16(), began.elapsed()), (503, Duration::ZERO));
    assert_eq!(shed.headers["retry-after"], "2");
    assert!(!shed.headers.contains_key("connection"), "it may ask again on this connection");
    assert!(shed.text.starts_with("The shop is full, and so is its queue. "), "{}", shed.text);
    assert_eq!(count(&shop).shed, 3);
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_is_over_is_a_503_and_leaves_the_queue() {
    let shop = shop_for_ten();
    let slow = tokio::spawn(ask(shop.router(), "/serve-customer/10?step=2"));
    settle().await;
    let began = Instant::now();
    let shed = order(&shop, 1).await;
    assert_eq!((shed.status.as_u16(), began.elapsed()), (503, MAX_WAIT));
    assert!(shed.text.contains("the wait became too long"), "{}", shed.text);
    assert_eq!((count(&shop).waiting, count(&shop).shed), (0, 1));
    slow.abort();
}

#[tokio::test(start_paused = true)]
async fn an_order_that_can_never_fit_is_told_the_limit_and_takes_no_place() {
    let shop = shop_for_ten();
    let large = order(&shop, 11).await;
    assert_eq!(large.status, 422);
    assert!(large.text.contains("its --capacity is 10. Ask for 1 to 10"), "{}", large.text);
    assert_eq!(count(&shop), serving::Counts::default());
}

#[tokio::test(start_paused = true)]
async fn a_request_that_brews_nothing_needs_no_place() {
    let shop = shop_for_ten();
    let _full = orders(&shop, 10);
    settle().await;
    for (path, status) in [
        ("/serve-customer/none", 400),
        ("/serve-customer/0", 400),
        ("/serve-customer/1?step=9", 400),
        ("/serve-customer/%ff", 400),
        ("/serve-customer/1/2", 404),
        ("/healthz", 200),
        ("/readyz", 200),
        ("/metrics", 200),
    ] {
        assert_eq!(ask(shop.router(), path).await.status.as_u16(), status, "{path}");
    }
    assert_eq!(count(&shop).asked, 10);
}

#[tokio::test(start_paused = true)]
async fn a_large_order_at_the_head_of_the_queue_is_not_overtaken() {
    let shop = shop_for_ten();
    let (_first, large) = (orders(&shop, 9), orders(&shop, 10));
    settle().await;
    let began = Instant::now();
    let small = order(&shop, 1).await;
    assert_eq!((small.status.as_u16(), began.elapsed().as_secs()), (200, 6), "after the large one");
    assert_eq!(large.await.expect("no panic").status, 200);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_hangs_up_frees_its_permits_and_its_place_in_the_queue() {
    let shop = shop_for_ten();
    let (full, waiting) = (orders(&shop, 10), orders(&shop, 2));
    sleep(Duration::from_secs(1)).await;
    waiting.abort();
    settle().await;
    assert_eq!((count(&shop).waiting, count(&shop).abandoned), (0, 2));
    full.abort();
    settle().await;
    assert_eq!((count(&shop).in_flight, count(&shop).abandoned), (0, 12));
    assert_eq!(shop.admission().room(), Some(10));
}

#[tokio::test(start_paused = true)]
async fn step_3_holds_its_permits_until_the_coffees_are_out() {
    let shop = front(Step::Spawned, Some(10), 2);
    assert_eq!(order(&shop, 10).await.status, 200);
    assert_eq!((count(&shop).in_flight, shop.admission().room()), (10, Some(0)));
    sleep(Duration::from_millis(6_001)).await;
    assert_eq!((count(&shop).served, shop.admission().room()), (10, Some(10)));
}

#[tokio::test(start_paused = true)]
async fn an_unlimited_shop_turns_no_order_away() {
    let shop = front(Step::NestedJoins, None, 0);
    let (one, other) = tokio::join!(order(&shop, 5_000), order(&shop, 5_000));
    assert_eq!((one.status.as_u16(), other.status.as_u16()), (200, 200));
    assert_eq!((count(&shop).served, shop.admission().room()), (10_000, None));
}

#[tokio::test(start_paused = true)]
async fn an_answer_keeps_its_permits_until_it_is_read_or_dropped() {
    let shop = shop_for_ten();
    for read in [true, false] {
        let request = Request::get("/serve-customer/10").body(Body::empty()).expect("valid");
        let answer = shop.router().oneshot(request).await.expect("a router never fails");
        assert_eq!(order(&shop, 1).await.status, 503, "{:?}", count(&shop));
        if read {
            let text = to_bytes(answer.into_body(), 1 << 20).await.expect("a whole body");
            assert_eq!(shop.admission().room(), Some(0), "its bytes are still held");
            assert!(text.starts_with(b"Took 2.0 s"));
        } else {
            drop(answer);
        }
        assert_eq!(shop.admission().room(), Some(10));
    }
    assert_eq!((count(&shop).served, count(&shop).undelivered), (10, 10));
}
