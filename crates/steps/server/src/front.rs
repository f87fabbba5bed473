use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use coffee::{Action, Observer};
use counter::Counter;
use serving::{Admission, Shed, Ticket};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::metrics::Metrics;

/// The counter's router behind admission, with health and metrics beside it. Clones are handles to
/// the same front.
#[derive(Clone, Debug)]
pub struct Front {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    counter: Counter,
    admission: Admission,
    metrics: Metrics,
}

impl Front {
    /// Puts admission before a counter whose `max_customers` is the shop's capacity: a larger
    /// request can never be admitted.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime, whose figures it publishes.
    #[must_use]
    pub fn new(counter: Counter, admission: Admission) -> Self {
        let metrics = Metrics::new(admission.tally());
        Self { inner: Arc::new(Inner { counter, admission, metrics }) }
    }

    /// Decides which orders are served, and counts their customers.
    #[must_use]
    pub fn admission(&self) -> &Admission {
        &self.inner.admission
    }

    /// What the shop answers: the counter's paths behind admission, `/healthz` (it runs),
    /// `/readyz` (it wants orders) and `/metrics` (in the text format of Prometheus).
    ///
    /// An order that can never fit gets 422. One that finds no place in time, or comes while the
    /// shop closes, gets 503 with `Retry-After` in seconds. An order that panics is a 500 for its
    /// own client, and nothing for the others.
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

    /// When it makes sense to order again, in seconds: the longest action frees a place.
    fn retry_after(&self) -> u64 {
        let durations = Action::ALL.map(|action| self.inner.counter.durations.of(action));
        let longest = durations.into_iter().max().unwrap_or_default();
        longest.as_secs_f64().ceil().max(1.0) as u64
    }

    fn turn_away(&self, shed: Shed) -> Response {
        let seconds = self.retry_after();
        let why = match shed {
            Shed::QueueFull => "The shop is full, and so is its queue",
            Shed::WaitOver => "The shop is full, and the wait became too long",
            Shed::Closing => "The shop is closing",
        };
        let sentence = format!("{why}. Nothing was brewed: ask again in {seconds} s\n");
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
        Ok(asked) => asked.customers,
        Err((StatusCode::UNPROCESSABLE_ENTITY, _)) => return front.never_fits(),
        Err(_) => return next.run(request).await, // the counter says what is wrong
    };
    let began = Instant::now();
    let ticket = match front.inner.admission.admit(customers).await {
        Ok(ticket) => Arc::new(OrderTicket(ticket)),
        Err(shed) => return front.turn_away(shed),
    };
    let observer: Arc<dyn Observer<Action>> = ticket.clone();
    request.extensions_mut().insert(observer);
    let response = serve(request, next).await;
    if response.status().is_success() {
        front.inner.metrics.answered(began.elapsed());
    }
    until_read(response, ticket).await
}

/// The ticket of one order. The order log keeps it as its observer, until the last coffee is out:
/// so a step that answers before it serves, or a client that hangs up, frees the permits when the
/// memory is free, and not before.
#[derive(Debug)]
struct OrderTicket(Ticket);

impl Observer<Action> for OrderTicket {
    fn wants_events(&self) -> bool {
        false
    }

    fn served(&self, customers: u32) {
        self.0.serve(customers);
    }
}

/// An answer is memory until it is written, so its order keeps its permits until then: a client
/// that orders and does not read cannot have more answers waiting than fit.
async fn until_read(response: Response, ticket: Arc<OrderTicket>) -> Response {
    struct Answer {
        bytes: Bytes,
        _ticket: Arc<OrderTicket>,
    }
    impl AsRef<[u8]> for Answer {
        fn as_ref(&self) -> &[u8] {
            &self.bytes
        }
    }
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.expect("the counter's answers are whole texts");
    let answer = Bytes::from_owner(Answer { bytes, _ticket: ticket });
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
    match front.inner.admission.is_ready() {
        true => "ready\n".into_response(),
        false => (StatusCode::SERVICE_UNAVAILABLE, "The shop is closing\n").into_response(),
    }
}

async fn metrics(State(front): State<Front>) -> impl IntoResponse {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], front.inner.metrics.text())
}
