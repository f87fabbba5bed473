use std::fmt::Debug;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use coffee::{Action, Durations, Ink, Keep, Observer, OrderLog, Shop, Timeline};
use menu::Step;
use serving::{answer_panics, negotiate};

use crate::asked::{Asked, customers, step, tag};
use crate::sign::signed;

/// A counter at which customers are served in the way of one step, or of another that they ask
/// for.
#[derive(Clone, Debug)]
pub struct Counter {
    /// How to serve.
    pub step: Step,
    /// Which other ways a request may choose, with `?step=4`.
    pub offered: Vec<Step>,
    /// How long the actions take, in shop time.
    pub durations: Durations,
    /// How many customers a single request may bring.
    pub max_customers: u32,
    /// What watches: each of them gives every request that is served an observer.
    pub audience: Vec<Arc<dyn Audience>>,
}

/// Watches all requests: a terminal, a live page.
pub trait Audience: Debug + Send + Sync {
    /// The observer of the next request's log.
    fn observer(&self, asked: &Asked) -> Arc<dyn Observer<Action>>;
}

impl Counter {
    /// All steps that a request may choose, by number.
    #[must_use]
    pub fn steps(&self) -> Vec<Step> {
        let mut steps: Vec<_> = self.offered.iter().copied().chain([self.step]).collect();
        steps.sort_unstable_by_key(|step| step.number());
        steps.dedup();
        steps
    }

    /// Reads what a request asks for.
    ///
    /// # Errors
    ///
    /// The status and the sentence with which the counter refuses it.
    pub fn asked(&self, uri: &Uri) -> Result<Asked, (StatusCode, String)> {
        let customers = customers(uri.path(), self.max_customers)?;
        let query = uri.query().unwrap_or_default();
        Ok(Asked { customers, step: step(query, self.step, &self.steps())?, tag: tag(query)? })
    }
}

/// What the counter answers.
///
/// `GET /serve-customer/{n}` serves n customers, and one without a number; `?step=4` chooses among
/// the steps that are offered, and `?tag=` names the order for observers. The answer says how long it
/// took and draws the timeline; if `Accept` prefers `application/json` it is the log itself, up to
/// 1,000 customers, and its summary above. An order that panics gets 500, and the others go on.
/// Dropping the request's future, which is what happens when its client hangs up, drops the
/// step's. Every answer names the counter's step in its [`SHOP`](crate::SHOP) header. A middleware may send an
/// `Arc<dyn Observer<Action>>` along, as an extension of the request: it watches that one, and lives until
/// the last of its orders is gone.
pub fn router(counter: Counter) -> Router {
    let step = counter.step.number();
    let serve = || get(serve_customers).head(only_get).fallback(only_get);
    let router = Router::new()
        .route("/serve-customer", serve())
        .route("/serve-customer/", serve())
        .route("/serve-customer/{customers}", serve())
        .fallback(no_such_path)
        .layer(from_fn_with_state(PANICKED, answer_panics))
        .with_state(Arc::new(counter));
    signed(router, step)
}

const PANICKED: &str = "Your order failed, and it is the shop's fault: please order again\n";

async fn serve_customers(
    State(counter): State<Arc<Counter>>,
    companion: Option<Extension<Arc<dyn Observer<Action>>>>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, (StatusCode, String)> {
    let asked = counter.asked(&uri)?;
    let audience = counter.audience.iter().map(|audience| audience.observer(&asked));
    let observers = audience.chain(companion.map(|Extension(observer)| observer)).collect();
    let Asked { customers, step, .. } = asked;
    let log = OrderLog::observed(Keep::for_lanes(customers), observers);
    let shop = Shop::with_log(counter.durations, &log);
    step.serve(&shop, customers).await;
    log.answer();
    Ok(answer(&log.timeline(), &headers))
}

fn answer(timeline: &Timeline, headers: &HeaderMap) -> Response {
    const KINDS: [&str; 2] = ["text/plain; charset=utf-8", "application/json"];
    let kind = KINDS[negotiate(headers, &KINDS)];
    let answer = match kind {
        "application/json" => timeline.to_json() + "\n",
        _ => format!("{}\n\n{}", timeline.sentence(), timeline.to_text(80, Ink::Plain)),
    };
    ([(header::CONTENT_TYPE, kind), (header::VARY, "accept")], answer).into_response()
}

async fn no_such_path() -> (StatusCode, String) {
    let paths = "try /serve-customer/3 for three customers, /serve-customer for one";
    (StatusCode::NOT_FOUND, format!("There is nothing here: {paths}\n"))
}

async fn only_get() -> impl IntoResponse {
    let why = "Nothing was brewed: order with GET, as curl does by itself\n";
    (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET")], why)
}
