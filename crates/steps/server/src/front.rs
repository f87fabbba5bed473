use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use coffee::{Action, Observer};
use counter::Counter;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::admission::{Admission, Shed};
use crate::metrics::Metrics;

/// What stands between the network and the counter. Clones are the same front.
#[derive(Clone, Debug)]
pub struct Front {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    counter: Counter,
    admission: Admission,
    metrics: Metrics,
    ready: AtomicBool,
}

impl Front {
    /// A front for a counter whose `max_customers` is the shop's capacity: a larger request can
    /// never be admitted.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime there are no figures to publish.
    #[must_use]
    pub fn new(counter: Counter, admission: Admission) -> Self {
        let metrics = Metrics::new(admission.books());
        let ready = AtomicBool::new(true);
        Self { inner: Arc::new(Inner { counter, admission, metrics, ready }) }
    }

    /// Who may come in, and the count of who did.
    #[must_use]
    pub fn admission(&self) -> &Admission {
        &self.inner.admission
    }

    /// From now on `/readyz` fails, so that a load balancer sends orders elsewhere.
    pub fn withdraw(&self) {
        self.inner.ready.store(false, Ordering::Relaxed);
    }

    /// What the shop answers: the counter's paths behind the admission, `/healthz` (it runs),
    /// `/readyz` (it wants orders) and `/metrics` (in the text format of Prometheus).
    ///
    /// A party that can never fit gets 422. One that finds no place in time, or a shop that
    /// closes, gets 503 with `Retry-After` in seconds. An order that panics is a 500 for its own
    /// client, and nothing for the others.
    pub fn router(&self) -> Router {
        let own = Router::new()
            .route("/healthz", get(async || "ok\n"))
            .route("/readyz", get(readyz))
            .route("/metrics", get(metrics))
            .with_state(self.clone());
        counter::router(self.inner.counter.clone())
            .route_layer(from_fn_with_state(self.clone(), admit))
            .merge(own)
    }

    /// When it makes sense to ask again, in seconds: after the longest action, somebody has left.
    fn retry_after(&self) -> u64 {
        let durations = Action::ALL.map(|action| self.inner.counter.durations.of(action));
        let longest = durations.into_iter().max().unwrap_or_default();
        longest.as_secs_f64().ceil().max(1.0) as u64
    }

    fn turn_away(&self, shed: Shed) -> Response {
        let seconds = self.retry_after();
        let sentence = format!("{shed}. Nothing was brewed: ask again in {seconds} s\n");
        let retry = [(header::RETRY_AFTER, seconds.to_string())];
        let mut response = (StatusCode::SERVICE_UNAVAILABLE, retry, sentence).into_response();
        if shed == Shed::Closing {
            let close = header::HeaderValue::from_static("close");
            response.headers_mut().insert(header::CONNECTION, close);
        }
        response
    }

    fn never_fits(&self) -> Response {
        let limit = self.inner.counter.max_customers;
        let sentence = format!(
            "So many customers never fit into this shop: its --capacity is {limit}. Ask for 1 to \
             {limit} at a time, such as /serve-customer/{}\n",
            limit.min(3)
        );
        (StatusCode::UNPROCESSABLE_ENTITY, sentence).into_response()
    }
}

async fn admit(State(front): State<Front>, mut request: Request, next: Next) -> Response {
    let customers = match front.inner.counter.asked(request.uri()) {
        _ if request.method() != Method::GET => return next.run(request).await,
        Ok((customers, _)) => customers,
        Err((StatusCode::UNPROCESSABLE_ENTITY, _)) => return front.never_fits(),
        Err(_) => return next.run(request).await, // the counter says what is wrong
    };
    let began = Instant::now();
    let party = match front.inner.admission.admit(customers).await {
        Ok(party) => party,
        Err(shed) => return front.turn_away(shed),
    };
    let party: Arc<dyn Observer> = Arc::new(party);
    request.extensions_mut().insert(Arc::clone(&party));
    let response = serve(request, next).await;
    if response.status().is_success() {
        front.inner.metrics.answered(began.elapsed());
    }
    until_read(response, party).await
}

/// An answer is memory until it is written, so its party keeps its permits until then: a client
/// that orders and does not read cannot have more answers waiting than fit.
async fn until_read(response: Response, party: Arc<dyn Observer>) -> Response {
    struct Answer {
        bytes: Bytes,
        _party: Arc<dyn Observer>,
    }
    impl AsRef<[u8]> for Answer {
        fn as_ref(&self) -> &[u8] {
            &self.bytes
        }
    }
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.expect("the counter's answers are whole texts");
    let answer = Bytes::from_owner(Answer { bytes, _party: party });
    Response::from_parts(parts, Body::from(answer))
}

/// In a task of its own, because a panic ends the task in which it happens: here that is the
/// order, and not the connection. Dropped with this future, the set aborts the order.
async fn serve(request: Request, next: Next) -> Response {
    let mut order = JoinSet::new();
    order.spawn(next.run(request));
    match order.join_next().await {
        Some(Ok(response)) => response,
        _ => {
            tracing::error!("an order panicked; its client was told, the others are not affected");
            let sentence = "Your order failed, and it is the shop's fault: please order again\n";
            (StatusCode::INTERNAL_SERVER_ERROR, sentence).into_response()
        }
    }
}

async fn readyz(State(front): State<Front>) -> Response {
    match front.inner.ready.load(Ordering::Relaxed) {
        true => "ready\n".into_response(),
        false => (StatusCode::SERVICE_UNAVAILABLE, "The shop is closing\n").into_response(),
    }
}

async fn metrics(State(front): State<Front>) -> impl IntoResponse {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], front.inner.metrics.text())
}
