//! What the event stream says: through the router without a socket, on a paused clock.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, BodyDataStream, to_bytes};
use axum::http::{Request, Response, StatusCode};
use coffee::{Durations, Keep, OrderLog, Shop};
use counter::{Asked, Audience, Counter};
use futures_util::StreamExt;
use live::Live;
use menu::Step;
use serde_json::Value;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tower::ServiceExt;

const MAX_VIEWERS: usize = 3;

/// A shop with a live page, as a server merges the two.
struct Open {
    live: Live,
    router: Router,
    publishing: JoinSet<()>,
}

fn open(step: Step) -> Open {
    let (offered, durations) = (Step::ALL.to_vec(), Durations::default());
    let mut counter =
        Counter { step, offered, durations, max_customers: 100_000, audience: vec![] };
    let (live, publisher) = live::open(&counter, MAX_VIEWERS);
    counter.audience.push(Arc::new(live.clone()));
    let router = counter::router(counter).merge(live::router(live.clone()));
    let mut publishing = JoinSet::new();
    publishing.spawn(publisher.run());
    Open { live, router, publishing }
}

impl Open {
    async fn get(&self, path: &str) -> Response<Body> {
        let request = Request::get(path).body(Body::empty()).expect("a valid request");
        self.router.clone().oneshot(request).await.expect("a router never fails")
    }

    async fn view(&self) -> Viewer {
        let response = self.get("/events").await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Viewer(response.into_body().into_data_stream())
    }
}

struct Viewer(BodyDataStream);

impl Viewer {
    /// The next frame; `None` if there is none for a while.
    async fn next(&mut self) -> Option<Value> {
        let bytes = timeout(Duration::from_secs(8), self.0.next()).await.ok()??;
        let text = String::from_utf8(bytes.expect("a chunk").to_vec()).expect("text");
        let data = text.lines().find_map(|line| line.strip_prefix("data: "));
        Some(serde_json::from_str(data.expect("an event has data")).expect("JSON"))
    }

    /// The frames up to the one in which so many runs are over.
    async fn until_over(&mut self, runs: usize) -> Vec<Value> {
        let mut frames = Vec::new();
        loop {
            let frame = self.next().await.expect("the run goes on");
            frames.push(frame);
            if frames[frames.len() - 1]["tried"].as_array().map(Vec::len) == Some(runs) {
                return frames;
            }
        }
    }
}

impl Viewer {
    /// How many frames come until the run of that number is over.
    async fn until_id(&mut self, id: u64) -> u32 {
        let mut frames = 0;
        loop {
            let frame = self.next().await.expect("the run goes on");
            frames += 1;
            let over = |run: &Value| run["id"] == id && run["over"] == true;
            if array(&frame["runs"]).iter().any(over) {
                return frames;
            }
        }
    }
}

fn array(value: &Value) -> &[Value] {
    value.as_array().expect("an array")
}

/// `customer action started-ended`, with a question mark while it goes on.
fn spans(run: &Value) -> Vec<String> {
    let record = |record: &Value| {
        let end = record["ended_s"].as_f64().map_or("?".to_owned(), |end| end.to_string());
        format!("{} {} {}-{end}", record["customer"], record["action"], record["started_s"])
            .replace('"', "")
    };
    array(&run["records"]).iter().map(record).collect()
}

/// When each action of two customers starts, in seconds; it takes two.
fn starts(step: Step) -> [f64; 6] {
    match step {
        Step::Sequential => [0.0, 2.0, 4.0, 6.0, 8.0, 10.0],
        Step::Spawned | Step::Joined => [0.0, 2.0, 4.0, 0.0, 2.0, 4.0],
        Step::NestedJoins | Step::Batched | Step::Table => [0.0; 6],
    }
}

#[tokio::test(start_paused = true)]
async fn the_events_of_each_step_come_in_order() {
    for step in Step::ALL {
        let shop = open(step);
        let mut viewer = shop.view().await;
        let (_, frames) = tokio::join!(shop.get("/serve-customer/2"), viewer.until_over(1));
        assert!(array(&frames[0]["runs"]).is_empty(), "there was no run before");

        let runs: Vec<_> = frames[1..].iter().map(|frame| &frame["runs"][0]).collect();
        for (n, start) in starts(step).into_iter().enumerate() {
            let span = format!("{} {} {start:.1}-", n / 3 + 1, ["pay", "espresso", "milk"][n % 3]);
            let [open, closed] = [format!("{span}?"), format!("{span}{}", start + 2.0)];
            let first = |span: &String| runs.iter().position(|run| spans(run).contains(span));
            let (seen_open, seen_closed) = (first(&open), first(&closed));
            assert!(seen_open.is_some() && seen_open < seen_closed, "{step}: {open} {runs:#?}");
        }
        for pair in runs.windows(2) {
            assert!(pair[0]["now_s"].as_f64() <= pair[1]["now_s"].as_f64());
        }
        let last = runs[runs.len() - 1];
        assert_eq!((&last["served"], &last["over"]), (&2.into(), &true.into()));
        assert_eq!(last["step"], step.number());
    }
}

#[tokio::test(start_paused = true)]
async fn in_step_3_the_answer_is_seen_long_before_the_coffees() {
    let shop = open(Step::Spawned);
    let mut viewer = shop.view().await;
    let (_, frames) = tokio::join!(shop.get("/serve-customer/3"), viewer.until_over(1));
    let answered = frames.iter().find(|frame| frame["runs"][0]["answered_s"].is_f64());
    let answered = &answered.expect("it is answered")["runs"][0];
    assert_eq!((&answered["served"], &answered["over"]), (&0.into(), &false.into()));
    assert_eq!(answered["sentence"], "Took 0.0 s to serve coffee to 3 customers");
    let result = &frames[frames.len() - 1]["tried"][0];
    assert_eq!((&result["answered_s"], &result["last_end_s"]), (&0.0.into(), &6.0.into()));
}

#[tokio::test(start_paused = true)]
async fn a_late_viewer_gets_the_current_state_first() {
    let shop = open(Step::Joined);
    let late = async {
        sleep(Duration::from_millis(3_010)).await;
        shop.view().await.next().await.expect("the current state")
    };
    let (_, frame) = tokio::join!(shop.get("/serve-customer/1"), late);
    let run = &frame["runs"][0];
    assert_eq!(run["now_s"], 3.01);
    assert_eq!(spans(run), ["1 pay 0.0-2", "1 espresso 2.0-?"]);
}

#[tokio::test(start_paused = true)]
async fn a_viewer_who_comes_after_unwatched_orders_sees_the_next_ones() {
    let shop = open(Step::NestedJoins);
    shop.get("/serve-customer/2").await;
    tokio::time::sleep(Duration::from_secs(60)).await;
    for run in 2..4 {
        let mut viewer = shop.view().await;
        let first = viewer.next().await.expect("the present state");
        assert_eq!(array(&first["tried"]).len(), 1, "the same order again counts once");
        let (_, frames) = tokio::join!(shop.get("/serve-customer/2"), viewer.until_id(run));
        assert!(frames > 1, "it moves");
    }
}

#[tokio::test(start_paused = true)]
async fn a_lagging_viewer_loses_frames_and_then_has_the_newest() {
    let shop = open(Step::Sequential);
    let (mut prompt, mut lagging) = (shop.view().await, shop.view().await);
    assert!(lagging.next().await.is_some());
    let (_, frames) = tokio::join!(shop.get("/serve-customer/3"), prompt.until_over(1));
    assert!(frames.len() > 18, "a frame a second at least: {}", frames.len());

    let newest = lagging.next().await.expect("the newest frame");
    assert_eq!(Some(&newest), frames.last());
    assert_eq!(lagging.next().await, None, "nothing had queued for it");
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_order_is_shown_as_one() {
    let shop = open(Step::Joined);
    let mut viewer = shop.view().await;
    let hangs_up = timeout(Duration::from_secs(3), shop.get("/serve-customer/2"));
    let (_, frames) = tokio::join!(hangs_up, viewer.until_over(1));
    let run = &frames[frames.len() - 1]["runs"][0];
    assert_eq!((&run["lost"], &run["served"], &run["over"]), (&2.into(), &0.into(), &true.into()));
    assert_eq!((&run["sentence"], &run["last_end_s"]), (&Value::Null, &3.0.into()));
    let records = array(&run["records"]);
    let outcomes: Vec<_> = records.iter().map(|record| &record["outcome"]).collect();
    assert_eq!(outcomes, ["finished", "cancelled", "finished", "cancelled"]);
}

#[tokio::test(start_paused = true)]
async fn viewers_are_bounded_and_a_permit_that_is_given_back_is_free() {
    let shop = open(Step::Joined);
    let mut viewers = Vec::new();
    for _ in 0..MAX_VIEWERS {
        viewers.push(shop.view().await);
    }
    let refused = shop.get("/events").await;
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    let body = to_bytes(refused.into_body(), 1_000).await.expect("a body");
    assert_eq!(&*body, b"3 browsers watch this shop already: close one, and reload\n");

    viewers.pop();
    shop.view().await;
}

#[tokio::test(start_paused = true)]
async fn a_crowd_is_counted_in_frames_of_bounded_size() {
    for (step, customers) in [(Step::NestedJoins, 10_000), (Step::Sequential, 500)] {
        let shop = open(step);
        let mut viewer = shop.view().await;
        let path = format!("/serve-customer/{customers}");
        let (_, frames) = tokio::join!(shop.get(&path), viewer.until_over(1));
        let largest = frames.iter().map(|frame| frame.to_string().len()).max();
        assert!(largest < Some(10_000), "{largest:?} bytes");

        let run = &frames[frames.len() - 1]["runs"][0];
        assert!(array(&run["records"]).is_empty());
        let peaks = [1, 2, 3].map(|action| {
            array(&run["samples"]).iter().filter_map(|sample| sample[action].as_u64()).max()
        });
        let at_once = if step == Step::Sequential { 1 } else { customers };
        assert!(peaks.iter().all(|peak| *peak <= Some(at_once)), "{step}: {peaks:?}");
        assert_eq!(peaks.iter().max(), Some(&Some(at_once)), "{step}");
        let end = &array(&run["samples"])[array(&run["samples"]).len() - 1];
        assert_eq!((&end[0], &end[4]), (&run["last_end_s"], &customers.into()));
    }
}

#[tokio::test(start_paused = true)]
async fn of_many_runs_each_has_a_row_and_all_can_be_found() {
    let shop = open(Step::NestedJoins);
    let mut viewer = shop.view().await;
    let mut orders = JoinSet::new();
    for customers in 1..=10 {
        let request = Request::get(format!("/serve-customer/{customers}?step=4&tag=t{customers}"));
        let request = request.body(Body::empty()).expect("a valid request");
        orders.spawn(shop.router.clone().oneshot(request));
    }
    let frames = viewer.until_over(8).await;
    let rows = |frame: &Value| array(&frame["rows"]).to_vec();
    let busy = frames.iter().find(|frame| rows(frame).len() == 10).expect("ten runs at once");
    assert_eq!((array(&busy["runs"]).len(), &busy["unseen"]), (0, &0.into()));
    let newest_first: Vec<_> = rows(busy).iter().map(|row| row[7].clone()).collect();
    let expected: Vec<_> = (1..=10).rev().map(|n| Value::from(format!("t{n}"))).collect();
    assert_eq!(newest_first, expected);
    assert_eq!(&array(&rows(busy)[0])[..3], [Value::from(10), 4.into(), 10.into()]);
    orders.join_all().await;
    let frame = shop.view().await.next().await.expect("the current state");
    assert_eq!((array(&frame["tried"]).len(), &frame["unseen"]), (8, &0.into()));
    assert!(rows(&frame).iter().all(|row| row[6] == true && row[3] == row[2]), "{frame}");

    let (_, frames) = tokio::join!(shop.get("/serve-customer/2"), viewer.until_id(11));
    assert!(frames > 0, "an order in an idle shop begins anew");
}

#[tokio::test(start_paused = true)]
async fn more_runs_than_rows_are_counted_and_a_frame_stays_small() {
    let shop = open(Step::Joined);
    let mut orders = JoinSet::new();
    for _ in 0..200 {
        let request = Request::get("/serve-customer/1?tag=abcdefgh12345678");
        let request = request.body(Body::empty()).expect("a valid request");
        orders.spawn(shop.router.clone().oneshot(request));
    }
    sleep(Duration::from_millis(100)).await;
    let frame = shop.view().await.next().await.expect("the current state");
    assert_eq!((array(&frame["rows"]).len(), &frame["unseen"]), (128, &72.into()));
    assert!(frame.to_string().len() < 10_000, "{} bytes", frame.to_string().len());
    orders.join_all().await;
}

#[tokio::test(start_paused = true)]
async fn a_result_keeps_its_place_when_the_same_is_tried_again() {
    let shop = open(Step::Joined);
    for order in ["1?step=2", "1?step=5", "1?step=2"] {
        shop.get(&format!("/serve-customer/{order}")).await;
    }
    let frame = shop.view().await.next().await.expect("the current state");
    let tried: Vec<_> = array(&frame["tried"]).iter().map(|t| (&t["step"], &t["id"])).collect();
    assert_eq!(tried, [(&2.into(), &3.into()), (&5.into(), &2.into())]);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_leaves_between_the_coffees_and_the_answer_leaves_no_run_behind() {
    let shop = open(Step::NestedJoins);
    let asked = Asked { customers: 3, step: Step::NestedJoins, tag: None };
    let log = OrderLog::observed(Keep::Everything, vec![shop.live.observer(&asked)]);
    Step::NestedJoins.serve(&Shop::with_log(Durations::default(), &log), 3).await;
    let mut viewer = shop.view().await;
    assert_eq!(viewer.next().await.expect("the current state")["runs"][0]["over"], false);
    drop(log);
    let frames = viewer.until_over(1).await;
    assert_eq!(frames[frames.len() - 1]["runs"][0]["over"], true);
}

#[tokio::test(start_paused = true)]
async fn streams_end_with_the_publisher() {
    let mut shop = open(Step::Joined);
    let mut viewer = shop.view().await;
    assert!(viewer.next().await.is_some());
    shop.publishing.shutdown().await;
    assert!(viewer.0.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_while_nothing_happens_but_a_sign_of_life() {
    let shop = open(Step::Joined);
    let mut viewer = shop.view().await;
    assert!(viewer.next().await.is_some());
    let quiet = viewer.0.next().await.expect("the stream is open").expect("a chunk");
    assert!(quiet.starts_with(b":"), "{quiet:?}");
}
