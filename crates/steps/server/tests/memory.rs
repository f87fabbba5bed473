//! What a customer costs. Alone in its file: it counts every allocation of the process.

use std::alloc::System;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::Request;
use coffee::Durations;
use counter::Counter;
use menu::Step;
use server::{Front, Scale, bytes_per_customer};
use serving::{Admission, Places, Room};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tokio::time::sleep;
use tower::ServiceExt;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn held(region: &Region<'_, System>) -> u64 {
    let change = region.change();
    let bytes = change.bytes_allocated as isize - change.bytes_deallocated as isize;
    u64::try_from(bytes).unwrap_or_default()
}

/// The bytes that one customer of many costs: while the coffee is made, and all that was
/// allocated from then until the answer was read, which is more than was held at any time. (Of
/// few customers the request itself costs more, and that is counted with the connection.)
async fn measured(step: Step, customers: u32, accept: &str) -> (u64, u64) {
    let counter = Counter {
        step,
        offered: vec![],
        durations: Durations::default(),
        max_customers: u32::MAX,
        audience: vec![],
    };
    let shop = Front::new(
        counter,
        Admission::new(
            Room { capacity: Some(customers), max_waiting: 0, max_wait: Duration::ZERO },
            Places::unlimited(),
        ),
        Scale::Customers,
    );
    let path = format!("/serve-customer/{customers}");
    let request = Request::get(path).header("Accept", accept).body(Body::empty());
    let region = Region::new(ALLOCATOR);
    let order = tokio::spawn(shop.router().oneshot(request.expect("a valid request")));
    sleep(Duration::from_millis(500)).await;
    let brewing = held(&region);
    let region = Region::new(ALLOCATOR);
    let response = order.await.expect("no panic").expect("a router never fails");
    assert_eq!(response.status(), 200);
    to_bytes(response.into_body(), 1 << 24).await.expect("a whole body");
    let answering = region.change().bytes_allocated as u64;
    let customers = u64::from(customers);
    (brewing / customers, answering / customers)
}

#[tokio::test(start_paused = true)]
async fn a_customer_costs_no_more_than_the_capacity_counts_on() {
    for step in Step::ALL {
        for customers in [1_000, 1_001, 10_000] {
            for accept in ["*/*", "application/json"] {
                let (brewing, answering) = measured(step, customers, accept).await;
                let most = brewing + answering;
                let counted_on = bytes_per_customer(step, customers);
                assert!(most <= counted_on, "{step}, {customers}, {accept}: {most} bytes");
                // So the allocator really counts, and the shop does not count on far too much.
                let waits = step != Step::Sequential;
                assert!(!waits || brewing >= 25, "{step}, {customers}: {brewing} bytes");
                let is_close = step == Step::Spawned || 3 * most >= counted_on;
                assert!(!waits || is_close, "{step}, {customers}: {most} of {counted_on} bytes");
            }
        }
    }
}
