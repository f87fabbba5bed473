//! A log without a reader costs nothing. Alone in its file: it counts every allocation of the
//! process.

use std::alloc::System;

use coffee::{Durations, Keep, OrderLog, Shop};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

#[tokio::test(start_paused = true)]
async fn without_a_log_nothing_is_allocated_and_a_summary_does_not_grow() {
    async fn bytes(shop: &Shop, customers: u32) -> usize {
        let region = Region::new(ALLOCATOR);
        for order in shop.orders(customers) {
            order.pay_for_coffee().await;
            order.make_espresso().await;
            order.steam_milk().await;
        }
        region.change().bytes_allocated
    }
    let unread = Shop::new(Durations::default());
    bytes(&unread, 1).await; // tokio allocates its timer wheels at the first sleep
    // The thread that started this test may allocate something for itself meanwhile. What the
    // shop allocates it would allocate every time.
    let mut least = usize::MAX;
    for _ in 0..5 {
        least = least.min(bytes(&unread, 1_000).await);
    }
    assert_eq!(least, 0);

    let summary = OrderLog::new(Keep::Summary);
    let summary = bytes(&Shop::with_log(Durations::default(), &summary), 1_000).await;
    let everything = OrderLog::new(Keep::Everything);
    let everything = bytes(&Shop::with_log(Durations::default(), &everything), 1_000).await;
    assert!(summary < 8_192, "a summary of 1000 customers took {summary} bytes");
    assert!(everything > 100_000, "so the allocator really counts: {everything} bytes");
}
