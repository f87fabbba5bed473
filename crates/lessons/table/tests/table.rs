//! A table of customers, to the millisecond on a paused clock, beside `nested-joins`.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use coffee::{Action, Durations, Event, Keep, Observer, OrderLog, Outcome, Phase, Shop, Timeline};
use futures_util::FutureExt;
use proptest::prelude::*;
use table::TABLE;
use tokio::runtime::Builder;
use tokio::time::{Instant, sleep, timeout};

/// One, a table and its neighbours, two tables and a bit, and more than the scheduler's budget.
const SIZES: [u32; 6] = [1, TABLE - 1, TABLE, TABLE + 1, 2 * TABLE + 7, 200_000];

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test(start_paused = true)]
async fn any_number_of_customers_takes_two_seconds() {
    for customers in SIZES {
        for keep in [Keep::for_lanes(customers), Keep::Summary] {
            let log = OrderLog::new(keep);
            table::serve(&Shop::with_log(Durations::default(), &log), customers).await;

            assert_eq!(log.answer().as_millis(), 2_000, "{customers}");
            let timeline = log.timeline();
            assert!(timeline.is_settled());
            assert_eq!((timeline.served(), timeline.lost()), (customers, 0));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_log_it_takes_two_seconds_too() {
    let began = Instant::now();
    table::serve(&Shop::new(Durations::default()), 10_000).await;
    assert_eq!(began.elapsed().as_millis(), 2_000);
}

#[tokio::test(start_paused = true)]
async fn no_customers_take_no_time() {
    let log = OrderLog::new(Keep::Everything);
    table::serve(&Shop::with_log(Durations::default(), &log), 0).await;
    assert_eq!(log.answer(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn everything_overlaps_in_one_task_a_table() {
    let log = OrderLog::new(Keep::Everything);
    table::serve(&Shop::with_log(Durations::default(), &log), 2 * TABLE + 7).await;

    let timeline = log.timeline();
    let few = timeline.records().iter().filter(|record| record.lane % 500 < 5);
    let table = |customer: u32| (customer - 1) / TABLE;
    for one in few.clone() {
        assert!(few.clone().all(|other| one.overlaps(other)));
        assert!(few.clone().all(|o| (table(one.lane) == table(o.lane)) == (one.task == o.task)));
    }
}

/// How long each customer's actions take: different for all of them.
#[derive(Clone, Copy, Debug)]
struct Uneven([u64; 3]);

impl Uneven {
    fn of(self, customer: u32) -> Durations {
        let micros = self.0.map(|seed| seed.wrapping_mul(u64::from(customer)) % 5_000_000 + 1);
        let [pay, espresso, milk] = micros.map(Duration::from_micros);
        Durations { pay, espresso, milk }
    }
}

/// Serves in both ways until all is served or the client hangs up, and reads the two logs.
fn both(uneven: Uneven, customers: u32, keep: Keep, patience: Duration) -> [Timeline; 2] {
    let serve = |by_table: bool| {
        let runtime = Builder::new_current_thread().enable_time().start_paused(true).build();
        runtime.expect("a runtime").block_on(async {
            let log = OrderLog::new(keep);
            let shop = Shop::with_durations_of(move |customer| uneven.of(customer), &log);
            let late = match by_table {
                true => timeout(patience, table::serve(&shop, customers)).await,
                false => timeout(patience, nested_joins::serve(&shop, customers)).await,
            };
            if late.is_ok() {
                log.answer();
            }
            log.settled().await;
            sleep(MINUTE).await;
            log.timeline()
        })
    };
    [serve(true), serve(false)]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn the_log_is_that_of_nested_joins_whatever_the_durations_and_whenever_the_client_hangs_up(
        customers in prop_oneof![0..40_u32, TABLE - 2..TABLE + 3],
        seeds in prop::array::uniform3(1_u64..5_000_000),
        summary in any::<bool>(),
        patience in prop_oneof![1..5_000_u64, Just(60_000)],
    ) {
        let keep = if summary { Keep::Summary } else { Keep::Everything };
        // A half, so that the hanging up and an end never fall on the same millisecond.
        let patience = Duration::from_millis(patience) + Duration::from_micros(500);
        let [table, nested] = both(Uneven(seeds), customers, keep, patience);
        let brief = |timeline: &Timeline| {
            let of = |r: &coffee::Record| (r.lane, r.kind, r.started, r.ended, r.outcome);
            let mut records: Vec<_> = timeline.records().iter().map(of).collect();
            records.sort_unstable_by_key(|(lane, kind, ..)| (*lane, *kind));
            records
        };
        prop_assert_eq!(brief(&table), brief(&nested));
        prop_assert_eq!(table.last_end(), nested.last_end());
        prop_assert_eq!(table.answered(), nested.answered());
        let counts = |t: &Timeline| (t.accepted(), t.served(), t.lost(), t.omitted());
        prop_assert_eq!(counts(&table), counts(&nested));
        prop_assert!(table.is_settled());
    }
}

#[tokio::test(start_paused = true)]
async fn a_dropped_future_stops_the_brewing() {
    for customers in SIZES {
        let log = OrderLog::new(Keep::for_lanes(customers));
        let shop = Shop::with_log(Durations::default(), &log);
        let late = timeout(Duration::from_secs(1), table::serve(&shop, customers)).await;
        assert!(late.is_err());
        sleep(MINUTE).await;

        let timeline = log.timeline();
        assert!(timeline.is_settled());
        assert_eq!((timeline.served(), timeline.lost()), (0, customers));
        for record in timeline.records() {
            assert_eq!(record.outcome, Some(Outcome::Cancelled));
            assert_eq!(record.ended, Some(Duration::from_secs(1)));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn one_client_that_hangs_up_leaves_the_others_their_coffee() {
    let logs = [1, 2, 3].map(|_| OrderLog::new(Keep::Everything));
    let serves = logs.clone().map(|log| {
        tokio::spawn(async move {
            table::serve(&Shop::with_log(Durations::default(), &log), TABLE + 1).await;
        })
    });
    sleep(Duration::from_secs(1)).await;
    serves[1].abort();
    sleep(MINUTE).await;

    let counts = logs.map(|log| (log.timeline().served(), log.timeline().lost()));
    assert_eq!(counts, [(TABLE + 1, 0), (0, TABLE + 1), (TABLE + 1, 0)]);
}

/// Dropped before its first turn, a task has taken its orders along, and loses them.
#[tokio::test(start_paused = true)]
async fn tables_that_never_began_are_lost_and_counted() {
    let log = OrderLog::new(Keep::Everything);
    let shop = Shop::with_log(Durations::default(), &log);
    let mut serve = Box::pin(table::serve(&shop, 10_000));
    assert!((&mut serve).now_or_never().is_none());
    drop(serve);
    log.settled().await;

    let timeline = log.timeline();
    assert_eq!((timeline.served(), timeline.lost()), (0, 10_000));
    assert!(timeline.records().is_empty(), "nothing had begun");
}

/// Panics when it hears of a certain customer in this phase.
#[derive(Debug)]
struct Superstitious(Phase);

impl Observer<Action> for Superstitious {
    fn event(&self, event: &Event) {
        assert!(event.lane != 13 || event.phase != self.0, "customer 13 is served");
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_in_one_order_reaches_the_caller_and_loses_the_others() {
    let [pay, espresso, milk] = [1, 5, 5].map(Duration::from_secs);
    for (phase, end) in [(Phase::Started, Duration::ZERO), (Phase::Finished, pay)] {
        let log = OrderLog::observed(Keep::Everything, vec![Arc::new(Superstitious(phase))]);
        let shop = Shop::with_log(Durations { pay, espresso, milk }, &log);
        let served = tokio::spawn(async move { table::serve(&shop, 3 * TABLE).await });
        let ended = timeout(MINUTE, served).await.expect("it does not hang");
        assert!(ended.expect_err("the caller hears of it").is_panic());
        sleep(MINUTE).await;

        let timeline = log.timeline();
        assert_eq!((timeline.served(), timeline.lost()), (0, 3 * TABLE));
        assert_eq!(timeline.last_end(), end, "nothing goes on after the panic");
        assert!(timeline.records().iter().all(|record| record.ended.is_some()));
    }
}

/// Takes a while over each start, as a slow terminal would, and notes when it heard of what.
#[derive(Debug, Default)]
struct Slow {
    started: Mutex<Vec<Instant>>,
    shortest: Mutex<Option<Duration>>,
}

impl Observer<Action> for Slow {
    fn event(&self, event: &Event) {
        let mut started = self.started.lock().expect("no test panics here");
        if event.phase == Phase::Started {
            let until = Instant::now() + Duration::from_micros(50);
            while Instant::now() < until {}
            started.push(Instant::now());
        } else {
            let index = 3 * (event.lane as usize - 1) + event.kind as usize;
            let took = started[index].elapsed();
            let mut shortest = self.shortest.lock().expect("no test panics here");
            *shortest = Some(shortest.map_or(took, |shortest| shortest.min(took)));
        }
    }
}

/// On the real clock, where time passes while a table is written: 3,000 starts take 150 ms, and
/// the last customer's actions still take as long as they should.
#[tokio::test]
async fn no_wait_is_shorter_than_its_duration() {
    const EACH: Duration = Duration::from_millis(30);
    let slow = Arc::new(Slow::default());
    let log = OrderLog::observed(Keep::Summary, vec![slow.clone()]);
    table::serve(&Shop::with_log(Durations::each(EACH), &log), TABLE).await;

    let shortest = slow.shortest.lock().expect("no test panics here").expect("some have ended");
    assert!(shortest >= EACH, "{shortest:?}");
}
