//! What the log keeps and tells, on a paused clock.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use coffee::{
    Action, Durations, Event, Keep, Observer, Order, OrderLog, Outcome, Phase, Reading, Record,
    Shop,
};
use tokio::join;
use tokio::time::{Instant, sleep, timeout};

async fn in_turn(order: &Order) {
    order.pay_for_coffee().await;
    order.make_espresso().await;
    order.steam_milk().await;
}

fn shop_with(keep: Keep) -> (Shop, OrderLog) {
    let log = OrderLog::new(keep);
    (Shop::with_log(Durations::default(), &log), log)
}

fn brief(record: &Record) -> (u32, Action, u128, Option<u128>, Option<Outcome>) {
    let ended = record.ended.map(|ended| ended.as_millis());
    (record.lane, record.kind, record.started.as_millis(), ended, record.outcome)
}

#[tokio::test(start_paused = true)]
async fn an_action_leaves_one_record_from_its_start_to_its_end() {
    let (shop, log) = shop_with(Keep::Everything);
    for order in shop.orders(1) {
        in_turn(&order).await;
    }
    let finished = Some(Outcome::Finished);
    let timeline = log.timeline();
    assert_eq!(
        timeline.records().iter().map(brief).collect::<Vec<_>>(),
        [
            (1, Action::Pay, 0, Some(2_000), finished),
            (1, Action::Espresso, 2_000, Some(4_000), finished),
            (1, Action::Milk, 4_000, Some(6_000), finished),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_dropped_action_is_cancelled_and_one_that_goes_on_is_open() {
    let (shop, log) = shop_with(Keep::Everything);
    let order = shop.orders(1).next().expect("one order");
    let _ = timeout(Duration::from_secs(1), order.pay_for_coffee()).await;
    let espresso = order.make_espresso();
    let (_, open) = join!(timeout(Duration::from_secs(1), espresso), async {
        sleep(Duration::from_millis(500)).await;
        log.timeline().records().last().map(brief)
    });
    assert_eq!(open, Some((1, Action::Espresso, 1_000, None, None)));

    let cancelled = Some(Outcome::Cancelled);
    assert_eq!(
        log.timeline().records().iter().map(brief).collect::<Vec<_>>(),
        [
            (1, Action::Pay, 0, Some(1_000), cancelled),
            (1, Action::Espresso, 1_000, Some(2_000), cancelled),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_coffee_is_served_only_with_all_three_actions() {
    let (shop, log) = shop_with(Keep::Everything);
    let mut orders = shop.orders(4);
    let counts = || {
        let timeline = log.timeline();
        (timeline.accepted(), timeline.served(), timeline.lost())
    };
    assert_eq!(counts(), (4, 0, 0));

    in_turn(&orders.next().expect("customer 1")).await;
    assert_eq!(counts(), (4, 1, 0));

    let order = orders.next().expect("customer 2");
    order.pay_for_coffee().await;
    order.pay_for_coffee().await;
    order.pay_for_coffee().await;
    drop(order);
    assert_eq!(counts(), (4, 1, 1), "paying three times makes no coffee");

    drop(orders);
    assert_eq!(counts(), (4, 1, 3), "an order that is never made is lost");
    assert!(log.timeline().is_settled());
}

#[tokio::test(start_paused = true)]
async fn settled_waits_for_the_last_order_and_for_nothing_more() {
    let (shop, log) = shop_with(Keep::Summary);
    log.settled().await;
    let began = Instant::now();
    for order in shop.orders(3) {
        tokio::spawn(async move { in_turn(&order).await });
    }
    join!(log.settled(), log.settled());
    assert_eq!(began.elapsed().as_millis(), 6_000);
    log.settled().await;
    assert_eq!(began.elapsed().as_millis(), 6_000);
}

#[tokio::test(start_paused = true)]
async fn the_first_answer_counts() {
    let (_, log) = shop_with(Keep::Summary);
    assert_eq!(log.timeline().answered(), None);
    sleep(Duration::from_secs(2)).await;
    log.answer();
    sleep(Duration::from_secs(2)).await;
    assert_eq!(log.answer().as_millis(), 2_000);
}

#[tokio::test(start_paused = true)]
async fn a_summary_is_bounded_and_counts_all_customers() {
    for customers in [5, 6, 7, 30_000] {
        let (shop, log) = shop_with(Keep::Summary);
        for order in shop.orders(customers) {
            tokio::spawn(async move { in_turn(&order).await });
        }
        log.settled().await;

        let timeline = log.timeline();
        assert_eq!(timeline.served(), customers);
        assert_eq!(timeline.last_end().as_millis(), 6_000);
        assert_eq!(timeline.omitted(), customers.saturating_sub(6));
        let mut kept: Vec<_> = timeline.records().iter().map(|record| record.lane).collect();
        kept.dedup();
        let all = 1..=customers;
        let expected: Vec<_> = all.filter(|c| *c <= 3 || *c > customers - 3).collect();
        assert_eq!(kept, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn customers_are_numbered_on_when_more_come() {
    let (shop, _log) = shop_with(Keep::Everything);
    let numbers = |orders: coffee::Orders| orders.map(|o| o.customer()).collect::<Vec<_>>();
    assert_eq!(numbers(shop.orders(2)), [1, 2]);
    assert_eq!(numbers(shop.orders(2)), [3, 4]);
}

#[tokio::test(start_paused = true)]
async fn orders_that_are_split_off_are_made_or_lost_like_the_others() {
    let (shop, log) = shop_with(Keep::Summary);
    let mut orders = shop.orders(20);
    let mut first = orders.split_to(7);
    let none = first.split_to(0);
    assert_eq!((none.len(), first.len(), orders.len()), (0, 7, 13));
    drop(orders.split_to(6));
    assert_eq!(log.timeline().lost(), 6);
    let rest = orders.split_to(100);
    assert_eq!((rest.len(), orders.len()), (7, 0));
    for order in first.chain(rest) {
        in_turn(&order).await;
    }

    let timeline = log.timeline();
    assert_eq!((timeline.served(), timeline.lost(), timeline.is_settled()), (14, 6, true));
    let mut kept: Vec<_> = timeline.records().iter().map(|record| record.lane).collect();
    kept.dedup();
    assert_eq!(kept, [1, 2, 3, 18, 19, 20], "the first and last of all, not of each part");
}

#[tokio::test(start_paused = true)]
async fn an_action_that_is_not_awaited_never_starts() {
    let (shop, log) = shop_with(Keep::Everything);
    let order = shop.orders(1).next().expect("one order");
    drop(order.pay_for_coffee());
    assert!(log.timeline().records().is_empty());
}

/// A crowd pays for each byte nine million times.
#[test]
fn an_action_that_waits_is_a_sleep_and_three_words() {
    let order = Shop::new(Durations::default()).orders(1).next().expect("one order");
    let waiting = size_of_val(&order.pay_for_coffee());
    assert!(waiting <= size_of::<tokio::time::Sleep>() + 3 * size_of::<u64>(), "{waiting} bytes");
}

#[derive(Debug, Default)]
struct Notes(Mutex<Vec<String>>);

impl Notes {
    fn note(&self, note: String) {
        self.0.lock().expect("no test panics while it notes").push(note);
    }
}

impl Observer<Action> for Notes {
    fn accepted(&self, customers: u32) {
        self.note(format!("accepted {customers}"));
    }
    fn event(&self, event: &Event) {
        let phase = match event.phase {
            Phase::Started => "started",
            Phase::Finished => "finished",
            Phase::Cancelled => "cancelled",
        };
        let at = event.at.as_secs();
        self.note(format!("{at} s {} {} {phase}", event.lane, event.kind.name()));
    }
    fn answered(&self, reading: &Reading<'_>) {
        self.note(reading.timeline().sentence());
    }
    fn served(&self, customers: u32) {
        self.note(format!("served {customers}"));
    }
    fn lost(&self, customers: u32) {
        self.note(format!("lost {customers}"));
    }
    fn over(&self, reading: &Reading<'_>) {
        self.note(format!("over: {} lost", reading.timeline().lost()));
    }
}

#[tokio::test(start_paused = true)]
async fn an_observer_hears_everything_in_order() {
    let notes = Arc::new(Notes::default());
    let log = OrderLog::observed(Keep::Summary, vec![notes.clone()]);
    let shop = Shop::with_log(Durations::default(), &log);
    let mut orders = shop.orders(2);
    in_turn(&orders.next().expect("customer 1")).await;
    let second = orders.next().expect("customer 2");
    let _ = timeout(Duration::from_secs(1), second.pay_for_coffee()).await;
    log.answer();
    drop(second);

    assert_eq!(
        *notes.0.lock().expect("no test panics while it notes"),
        [
            "accepted 2",
            "0 s 1 pay started",
            "2 s 1 pay finished",
            "2 s 1 espresso started",
            "4 s 1 espresso finished",
            "4 s 1 milk started",
            "6 s 1 milk finished",
            "served 1",
            "6 s 2 pay started",
            "7 s 2 pay cancelled",
            "Took 7.0 s to serve coffee to 2 customers",
            "lost 1",
            "over: 1 lost",
        ]
    );
}

const ANSWERED: &str = "answered";

async fn told(visit: impl AsyncFnOnce(&Shop, &OrderLog)) -> Vec<String> {
    let notes = Arc::new(Notes::default());
    let log = OrderLog::observed(Keep::Summary, vec![notes.clone()]);
    visit(&Shop::with_log(Durations::default(), &log), &log).await;
    drop(log);
    let notes = notes.0.lock().expect("no test panics while it notes");
    let without_actions = notes.iter().filter(|note| !note.contains(" s 1 "));
    without_actions
        .map(|note| if note.starts_with("Took") { ANSWERED.to_owned() } else { note.clone() })
        .collect()
}

#[tokio::test(start_paused = true)]
async fn a_visit_is_over_once_however_it_ends() {
    let settled_first = told(async |shop, log| {
        in_turn(&shop.orders(1).next().expect("customer 1")).await;
        log.answer();
    });
    assert_eq!(settled_first.await, ["accepted 1", "served 1", ANSWERED, "over: 0 lost"]);

    let answered_first = told(async |shop, log| {
        let order = shop.orders(1).next().expect("customer 1");
        log.answer();
        in_turn(&order).await;
    });
    assert_eq!(answered_first.await, ["accepted 1", ANSWERED, "served 1", "over: 0 lost"]);

    let lost = told(async |shop, log| {
        drop(shop.orders(1));
        log.answer();
    });
    assert_eq!(lost.await, ["accepted 1", "lost 1", ANSWERED, "over: 1 lost"]);

    let hung_up = told(async |shop, _| drop(shop.orders(1)));
    assert_eq!(hung_up.await, ["accepted 1", "lost 1", "over: 1 lost"]);

    let dropped = told(async |shop, _| {
        in_turn(&shop.orders(1).next().expect("customer 1")).await;
    });
    assert_eq!(dropped.await, ["accepted 1", "served 1", "over: 0 lost"]);

    let no_order = told(async |_, log| _ = log.answer());
    assert_eq!(no_order.await, [ANSWERED]);
}

#[tokio::test(start_paused = true)]
async fn json_has_seconds_and_words() {
    let (shop, log) = shop_with(Keep::Everything);
    for order in shop.orders(1) {
        in_turn(&order).await;
    }
    log.answer();
    let json: serde_json::Value =
        serde_json::from_str(&log.timeline().to_json()).expect("it is JSON");
    assert_eq!(json["customers"], 1);
    assert_eq!(json["answered_s"], 6.0);
    assert_eq!(json["records"][1]["action"], "espresso");
    assert_eq!(json["records"][1]["started_s"], 2.0);
    assert_eq!(json["records"][1]["ended_s"], 4.0);
    assert_eq!(json["records"][1]["outcome"], "finished");
    assert_eq!(json["records"][1]["thread"], 1);
}

/// The one test that is not on a paused clock, because that has one thread only: readers and
/// writers meet on several.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_timeline_is_one_moment_however_many_workers_write() {
    let log = OrderLog::new(Keep::Everything);
    let shop = Shop::with_log(Durations::each(Duration::from_millis(1)), &log);
    for order in shop.orders(2_000) {
        tokio::spawn(async move { in_turn(&order).await });
    }
    while !log.timeline().is_settled() {
        let timeline = log.timeline();
        let ends = timeline.records().iter().filter_map(|record| record.ended);
        assert!(ends.max().unwrap_or_default() <= timeline.last_end());
        let finished = timeline.records().iter().filter(|record| record.ended.is_some()).count();
        assert!(timeline.served() as usize <= finished / 3);
        assert!(!timeline.to_text(80, coffee::Ink::Plain).is_empty());
        tokio::task::yield_now().await;
    }
    assert_eq!(log.timeline().served(), 2_000);
}

#[tokio::test(start_paused = true)]
async fn in_a_shop_where_customers_differ_each_has_durations_of_their_own() {
    let log = OrderLog::new(Keep::Everything);
    let of_customer = |customer: u32| Durations::each(Duration::from_secs(customer.into()));
    let shop = Shop::with_durations_of(of_customer, &log);
    for order in shop.orders(2) {
        in_turn(&order).await;
    }
    let timeline = log.timeline();
    let ends: Vec<_> = timeline.records().iter().filter_map(|record| record.ended).collect();
    assert_eq!(ends, [1, 2, 3, 5, 7, 9].map(Duration::from_secs));
}
