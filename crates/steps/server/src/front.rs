use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use coffee::{Action, Observer};
use counter::Counter;
use menu::Step;
use serving::{Admission, Client, Shed, Ticket, negotiate, until_written};
use tokio::time::Instant;
use tracing_appender::non_blocking::ErrorCounter;

use crate::capacity::Scale;
use crate::metrics::{Format, Metrics};

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
    scale: Scale,
    /// How many permits there are at all.
    permits: Option<usize>,
    metrics: Metrics,
}

impl Front {
    /// Puts admission before a counter whose `max_customers` is the shop's capacity: a larger
    /// request can never be admitted. `scale` says how many permits an order takes.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime, whose figures it publishes.
    #[must_use]
    pub fn new(counter: Counter, admission: Admission, scale: Scale) -> Self {
        let (metrics, permits) = (Metrics::new(admission.tally()), admission.room());
        Self { inner: Arc::new(Inner { counter, admission, scale, permits, metrics }) }
    }

    /// Publishes how many lines of the log were dropped. To be called before the front is cloned.
    pub(crate) fn counting_dropped_lines(mut self, dropped: ErrorCounter) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.inner) {
            inner.metrics.count_dropped_lines(dropped);
        }
        self
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
            Shed::NoPlace => "The shop is full: it has no connection left for orders",
            Shed::QueueFull => "The shop is full, and so is its queue",
            Shed::WaitOver => "The shop is full, and the wait became too long",
            Shed::Closing => "The shop is closing",
        };
        let sentence = format!("{why}. Nothing was brewed: ask again in {seconds} s\n");
        let retry = [(header::RETRY_AFTER, seconds.to_string())];
        let mut response = (StatusCode::SERVICE_UNAVAILABLE, retry, sentence).into_response();
        // A refused client must not keep the place that another needs.
        if matches!(shed, Shed::Closing | Shed::NoPlace) {
            let close = header::HeaderValue::from_static("close");
            response.headers_mut().insert(header::CONNECTION, close);
        }
        response
    }

    /// How many permits such an order takes; `None` if that is more than there are.
    fn permits(&self, step: Step, customers: u32) -> Option<u32> {
        let permits = self.inner.scale.permits(step, customers);
        let fits = self.inner.permits.is_none_or(|all| permits as usize <= all);
        fits.then_some(permits)
    }

    fn never_fits(&self, limit: u32) -> Response {
        let sentence = format!(
            "So many customers never fit into this shop: its --capacity is {limit}. Ask for 1 to \
             {limit} at a time, such as /serve-customer/{}\n",
            limit.min(3)
        );
        (StatusCode::UNPROCESSABLE_ENTITY, sentence).into_response()
    }
}

async fn admit(State(front): State<Front>, mut request: Request, next: Next) -> Response {
    let Inner { counter, admission, scale, .. } = &*front.inner;
    let (customers, step) = match counter.asked(request.uri()) {
        _ if request.method() != Method::GET => return next.run(request).await,
        Ok(asked) => (asked.customers, asked.step),
        Err((StatusCode::UNPROCESSABLE_ENTITY, _)) => {
            return front.never_fits(counter.max_customers);
        }
        Err(_) => return next.run(request).await, // the counter says what is wrong
    };
    let Some(permits) = front.permits(step, customers) else {
        let all = front.inner.permits.and_then(|all| u32::try_from(all).ok());
        return front.never_fits(scale.most_customers(step, all.unwrap_or(u32::MAX)));
    };
    let began = Instant::now();
    let ticket = match admission.admit_weighing(customers, permits).await {
        Ok(ticket) => Arc::new(OrderTicket(ticket)),
        Err(shed) => return front.turn_away(shed),
    };
    let observer: Arc<dyn Observer<Action>> = ticket.clone();
    request.extensions_mut().insert(observer);
    let client = Client::of(request.extensions());
    let response = next.run(request).await;
    if response.status().is_success() {
        front.inner.metrics.answered(began.elapsed());
    }
    // An answer is memory until it is written, so its order keeps its permits until then: a client
    // that orders and does not read cannot have more answers waiting than fit.
    let answer = until_written(response, client, move |written| ticket.0.answer_over(written));
    answer.await.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
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
        self.0.done(customers);
    }
}

async fn readyz(State(front): State<Front>) -> Response {
    match front.inner.admission.is_ready() {
        true => "ready\n".into_response(),
        false => (StatusCode::SERVICE_UNAVAILABLE, "The shop is closing\n").into_response(),
    }
}

async fn metrics(State(front): State<Front>, headers: HeaderMap) -> impl IntoResponse {
    let format = Format::ALL[negotiate(&headers, &Format::ALL.map(Format::media_type))];
    let kind = [(header::CONTENT_TYPE, format.media_type()), (header::VARY, "accept")];
    (kind, front.inner.metrics.text(format))
}
