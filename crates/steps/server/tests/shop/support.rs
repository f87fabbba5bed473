use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use coffee::Durations;
use counter::Counter;
use menu::Step;
use server::{Front, Scale};
use serving::{Admission, Counts, Places, Room};
use tokio::task::{JoinHandle, yield_now};
use tower::ServiceExt;

pub(crate) const MAX_WAIT: Duration = Duration::from_secs(5);

/// A shop for ten customers, in whose queue two requests find room, for 5 s.
pub(crate) fn shop_for_ten() -> Front {
    front(Step::NestedJoins, Some(10), 2)
}

pub(crate) fn front(step: Step, capacity: Option<u32>, max_waiting: usize) -> Front {
    let counter = Counter {
        step,
        offered: Step::ALL.to_vec(),
        durations: Durations::default(),
        max_customers: capacity.unwrap_or(u32::MAX),
        audience: vec![],
    };
    let room = Room { capacity, max_waiting, max_wait: MAX_WAIT };
    Front::new(counter, Admission::new(room, Places::unlimited()), Scale::Customers)
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: axum::http::HeaderMap,
    pub(crate) text: String,
}

pub(crate) async fn ask(router: Router, path: &str) -> Answer {
    ask_for(router, path, "*/*").await
}

/// Asks with what a client says it accepts.
pub(crate) async fn ask_for(router: Router, path: &str, accept: &str) -> Answer {
    let request = Request::get(path).header("Accept", accept).body(Body::empty());
    let request = request.expect("a valid request");
    let response = router.oneshot(request).await.expect("a router never fails");
    let (status, headers) = (response.status(), response.headers().clone());
    let body = to_bytes(response.into_body(), 1 << 24).await.expect("a whole body");
    let text = String::from_utf8(body.to_vec()).expect("text");
    Answer { status, headers, text }
}

pub(crate) async fn order(front: &Front, customers: u32) -> Answer {
    ask(front.router(), &format!("/serve-customer/{customers}")).await
}

/// Orders beside the test. Aborting the handle is a client that hangs up.
pub(crate) fn orders(front: &Front, customers: u32) -> JoinHandle<Answer> {
    let front = front.clone();
    tokio::spawn(async move { order(&front, customers).await })
}

/// Lets every task go as far as it gets without the clock.
pub(crate) async fn settle() {
    for _ in 0..50 {
        yield_now().await;
    }
}

pub(crate) fn count(front: &Front) -> Counts {
    front.admission().tally().counts()
}
