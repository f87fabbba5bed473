//! Step 3, to the millisecond on a paused clock.

use std::future::pending;
use std::time::Duration;

use coffee::{Durations, Keep, OrderLog, Outcome, Shop};
use tokio::runtime::Builder;
use tokio::time::{sleep, timeout};

#[tokio::test(start_paused = true)]
async fn the_answer_comes_at_once_and_the_last_coffee_after_six_seconds() {
    for customers in [1, 3, 1000] {
        let log = OrderLog::new(Keep::Everything);
        spawned::serve(&Shop::with_log(Durations::default(), &log), customers).await;
        assert_eq!(log.answer(), Duration::ZERO);
        assert_eq!(log.timeline().served(), 0);

        log.settled().await;
        assert_eq!(log.timeline().last_end().as_millis(), 6_000);
        assert_eq!(log.timeline().served(), customers);
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_may_leave_and_the_brewing_goes_on() {
    let log = OrderLog::new(Keep::Everything);
    let shop = Shop::with_log(Durations::default(), &log);
    let visit = async {
        spawned::serve(&shop, 3).await;
        pending::<()>().await;
    };
    assert!(timeout(Duration::from_secs(1), visit).await.is_err());
    sleep(Duration::from_secs(6)).await;

    assert_eq!(log.timeline().served(), 3);
}

#[test]
fn a_program_that_ends_loses_the_coffees() {
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build();
    let runtime = runtime.expect("a runtime can be built");
    let log = runtime.block_on(async {
        let log = OrderLog::new(Keep::Everything);
        spawned::serve(&Shop::with_log(Durations::default(), &log), 3).await;
        sleep(Duration::from_secs(3)).await;
        log
    });
    drop(runtime);

    let timeline = log.timeline();
    assert_eq!((timeline.served(), timeline.lost()), (0, 3));
    let cancelled = |r: &&coffee::Record| r.outcome == Some(Outcome::Cancelled);
    assert_eq!(timeline.records().iter().filter(cancelled).count(), 3);
}
