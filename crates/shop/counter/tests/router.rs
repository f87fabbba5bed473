//! What the counter answers: through the router without a socket, on a paused clock.

use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode};
use coffee::{Action, Durations, Event, Observer, Reading, Timeline};
use counter::{Asked, Audience, Counter, router};
use menu::Step;
use serde_json::Value;
use tokio::time::{Instant, sleep, timeout};
use tower::ServiceExt;

fn counter(step: Step) -> Counter {
    let (durations, offered) = (Durations::default(), vec![]);
    Counter { step, offered, durations, max_customers: 100_000, audience: vec![] }
}

fn get(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).expect("a valid request")
}

fn json(path: &str) -> Request<Body> {
    let request = Request::get(path).header("Accept", "text/html, application/json;q=0.9");
    request.body(Body::empty()).expect("a valid request")
}

async fn ask(step: Step, request: Request<Body>) -> Response<Body> {
    router(counter(step)).oneshot(request).await.expect("a router never fails")
}

async fn text(response: Response<Body>) -> String {
    let body = to_bytes(response.into_body(), 1 << 20).await.expect("a whole body");
    String::from_utf8(body.to_vec()).expect("text")
}

async fn log(response: Response<Body>) -> Value {
    serde_json::from_str(&text(response).await).expect("JSON")
}

#[tokio::test(start_paused = true)]
async fn each_step_takes_its_time() {
    for (step, path, seconds) in [
        (Step::Sequential, "/serve-customer", 6),
        (Step::Sequential, "/serve-customer/", 6),
        (Step::Sequential, "/serve-customer/3", 18),
        (Step::Sequential, "/serve-customer/10", 60),
        (Step::Spawned, "/serve-customer/3", 0),
        (Step::Joined, "/serve-customer/1", 6),
        (Step::Joined, "/serve-customer/3", 6),
        (Step::Joined, "/serve-customer/1000", 6),
        (Step::NestedJoins, "/serve-customer/1", 2),
        (Step::NestedJoins, "/serve-customer/003", 2),
        (Step::NestedJoins, "/serve-customer/%33?milk=oat", 2),
        (Step::NestedJoins, "/serve-customer/1000", 2),
    ] {
        let began = Instant::now();
        let response = ask(step, get(path)).await;
        assert_eq!(response.status(), StatusCode::OK, "{step} {path}");
        assert_eq!(began.elapsed().as_millis(), seconds * 1_000, "{step} {path}");
        let text = text(response).await;
        assert!(text.starts_with(&format!("Took {seconds}.0 s to serve coffee to ")), "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_answer_is_the_sentence_and_the_timeline() {
    let response = ask(Step::Joined, get("/serve-customer/3")).await;
    assert_eq!(response.headers()["content-type"], "text/plain; charset=utf-8");
    assert_eq!(response.headers()["coffee-shop"], "step 4");
    let text = text(response).await;
    assert!(text.starts_with("Took 6.0 s to serve coffee to 3 customers\n\n"), "{text}");
    assert!(text.contains("\ncustomer 3  $$"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn step_3_answers_before_there_is_any_coffee() {
    let text = text(ask(Step::Spawned, get("/serve-customer/3")).await).await;
    let lie = "Took 0.0 s to serve coffee to 3 customers\n\nNo coffee yet for 3 customers.\n";
    assert_eq!(text, lie);
}

#[tokio::test(start_paused = true)]
async fn json_is_the_whole_log_up_to_a_thousand_customers_and_a_summary_above() {
    let response = ask(Step::NestedJoins, json("/serve-customer/1000")).await;
    assert_eq!(response.headers()["content-type"], "application/json");
    let whole = log(response).await;
    assert_eq!((&whole["served"], &whole["omitted"]), (&1_000.into(), &0.into()));
    assert_eq!(whole["records"].as_array().map(Vec::len), Some(3_000));
    assert_eq!(whole["answered_s"], 2.0);

    let summary = log(ask(Step::NestedJoins, json("/serve-customer/1001")).await).await;
    assert_eq!((&summary["served"], &summary["omitted"]), (&1_001.into(), &995.into()));
    assert_eq!(summary["records"].as_array().map(Vec::len), Some(18));
}

#[tokio::test(start_paused = true)]
async fn bad_input_gets_a_sentence_at_once() {
    let began = Instant::now();
    for (path, status, sentence) in [
        ("/serve-customer/abc", 400, "'abc' is not a number of customers"),
        ("/serve-customer/-1", 400, "'-1' is not a number of customers"),
        ("/serve-customer/+1", 400, "'+1' is not a number of customers"),
        ("/serve-customer/1.5", 400, "'1.5' is not a number of customers"),
        ("/serve-customer/1%2F3", 400, "'1%2F3' is not a number of customers"),
        ("/serve-customer/%FF", 400, "'%FF' is not a number of customers"),
        ("/serve-customer/%", 400, "'%' is not a number of customers"),
        ("/serve-customer/serve-customer", 400, "'serve-customer' is not a number"),
        (
            "/serve-customer/99999999999999999999",
            422,
            "99999999999999999999 customers are too many",
        ),
        ("/serve-customer/4294967296", 422, "4294967296 customers are too many"),
        ("/serve-customer/0", 400, "0 customers are too few"),
        ("/serve-customer/100001", 422, "100001 customers are too many"),
        ("/serve-customer/4294967295", 422, "this shop's --max-customers is 100000"),
    ] {
        let response = ask(Step::Joined, get(path)).await;
        assert_eq!(response.status(), status, "{path}");
        let text = text(response).await;
        assert!(text.contains(sentence), "{path}: {text}");
        assert!(text.ends_with(". Ask for 1 to 100000, such as /serve-customer/3\n"), "{text}");
    }
    assert_eq!(began.elapsed(), Duration::ZERO, "nothing was brewed");
}

#[tokio::test(start_paused = true)]
async fn a_request_may_choose_among_the_steps_that_are_offered() {
    let counter = Counter { offered: vec![Step::Joined], ..counter(Step::Sequential) };
    for (path, seconds) in [
        ("/serve-customer/2", 12),
        ("/serve-customer/2?step=2", 12),
        ("/serve-customer/2?step=4", 6),
        ("/serve-customer/2?milk=oat&step=4", 6),
    ] {
        let began = Instant::now();
        let response = router(counter.clone()).oneshot(get(path)).await.expect("it never fails");
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(began.elapsed().as_secs(), seconds, "{path}");
    }
    for number in ["5", "1", "", "04", "four"] {
        let path = format!("/serve-customer/2?step={number}");
        let response = router(counter.clone()).oneshot(get(&path)).await.expect("it never fails");
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{path}");
        let sentence = format!("'{number}' is not a step that this shop offers. Leave");
        assert!(text(response).await.starts_with(&sentence), "{path}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_long_wrong_value_is_not_repeated_in_full() {
    let response = ask(Step::Joined, get(&format!("/serve-customer/{}", "9".repeat(5_000)))).await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text(response).await.len() < 200);
}

#[tokio::test(start_paused = true)]
async fn another_path_is_told_which_there_are() {
    for path in ["/", "/coffee", "/serve-customer/3/", "/serve-customer/3/4", "/serve-customers"] {
        let response = ask(Step::Joined, get(path)).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        assert_eq!(response.headers()["coffee-shop"], "step 4");
        assert!(text(response).await.contains("/serve-customer/3"), "{path}");
    }
}

#[tokio::test(start_paused = true)]
async fn another_method_is_refused_and_brews_nothing() {
    for method in ["HEAD", "POST", "PUT", "DELETE", "OPTIONS", "BREW"] {
        for path in ["/serve-customer", "/serve-customer/", "/serve-customer/3"] {
            let began = Instant::now();
            let request = Request::builder().method(method).uri(path).body(Body::empty());
            let response = ask(Step::Joined, request.expect("a valid request")).await;
            assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
            assert_eq!(response.headers()["allow"], "GET");
            assert_eq!(began.elapsed(), Duration::ZERO);
        }
    }
}

/// Keeps the last timeline that it sees settled.
#[derive(Debug, Default)]
struct Witness(Mutex<Option<Timeline>>, Mutex<u32>);

impl Observer<Action> for Witness {
    fn event(&self, _event: &Event) {
        *self.1.lock().expect("unpoisoned") += 1;
    }
    fn over(&self, reading: &Reading<'_>) {
        *self.0.lock().expect("unpoisoned") = Some(reading.timeline().clone());
    }
}

#[derive(Debug)]
struct Watching(Arc<Witness>);

impl Audience for Watching {
    fn observer(&self, _asked: &Asked) -> Arc<dyn Observer<Action>> {
        self.0.clone()
    }
}

#[tokio::test(start_paused = true)]
async fn dropping_a_request_stops_the_brewing_except_in_step_3() {
    for (step, lost) in
        [(Step::Sequential, 3), (Step::Spawned, 0), (Step::Joined, 3), (Step::NestedJoins, 3)]
    {
        let witness = Arc::new(Witness::default());
        let audience: Vec<Arc<dyn Audience>> = vec![Arc::new(Watching(witness.clone()))];
        let router = router(Counter { audience, ..counter(step) });
        let visit = async {
            let _ = router.oneshot(get("/serve-customer/3")).await;
            pending::<()>().await;
        };
        assert!(timeout(Duration::from_secs(1), visit).await.is_err());
        sleep(Duration::from_secs(60)).await;

        let timeline = witness.0.lock().expect("unpoisoned").take().expect("it has settled");
        assert_eq!((timeline.served(), timeline.lost()), (3 - lost, lost), "{step}");
        let end = if lost > 0 { 1_000 } else { 6_000 };
        assert_eq!(timeline.last_end().as_millis(), end, "{step}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_audience_sees_every_request() {
    let witness = Arc::new(Witness::default());
    let audience: Vec<Arc<dyn Audience>> = vec![Arc::new(Watching(witness.clone()))];
    let router = router(Counter { audience, ..counter(Step::NestedJoins) });
    for _ in 0..2 {
        let response = router.clone().oneshot(get("/serve-customer/3")).await;
        assert_eq!(response.expect("a router never fails").status(), StatusCode::OK);
    }
    assert_eq!(*witness.1.lock().expect("unpoisoned"), 2 * 3 * 3 * 2);
}

#[tokio::test(start_paused = true)]
async fn a_tag_is_a_short_word_and_anything_else_is_refused() {
    let counter = counter(Step::Joined);
    let asked = |query: &str| {
        let uri = format!("/serve-customer/2?step=4{query}").parse().expect("a path");
        counter.asked(&uri).map(|asked| asked.tag)
    };
    assert_eq!(asked(""), Ok(None));
    assert_eq!(asked("&tag=k3f9"), Ok(Some("k3f9".to_owned())));
    for tag in ["", "a-b", "%41", "abcdefgh123456789"] {
        let (status, why) = asked(&format!("&tag={tag}")).expect_err(tag);
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert!(why.contains("is not a tag. Use 1 to 16 letters and digits"), "{why}");
    }
}
