use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use hyper::body::Body;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::held::holding;
use crate::refusal::Refusal;

/// The connections that may be held for long: by requests that wait or are worked on, and by answers
/// without an end. The others stay free for what is answered at once, such as probes. Clones share
/// them.
#[derive(Clone, Debug)]
pub struct Places(Arc<Semaphore>);

impl Places {
    /// All of a server's connections except a reserve of an eighth, at least one and at most 16. A
    /// server with a single connection has no reserve.
    #[must_use]
    pub fn of_connections(connections: usize) -> Self {
        let reserve = (connections / 8).clamp(1, 16).min(connections.saturating_sub(1));
        Self(Arc::new(Semaphore::new((connections - reserve).min(Semaphore::MAX_PERMITS))))
    }

    /// As many as there are requests: for a router without connections.
    #[must_use]
    pub fn unlimited() -> Self {
        Self(Arc::new(Semaphore::new(Semaphore::MAX_PERMITS)))
    }

    /// How many are free.
    #[must_use]
    pub fn free(&self) -> usize {
        self.0.available_permits()
    }

    pub(crate) fn take(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.0).try_acquire_owned().ok()
    }
}

/// A middleware that lets an answer without a known length, such as a stream of events, have one of
/// the [`Places`] for as long as it lasts, or refuses it with 503.
pub async fn place_streams(State(places): State<Places>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    if response.body().size_hint().exact().is_some() {
        return response;
    }
    match places.take() {
        Some(place) => holding(response, place),
        None => {
            let why = "All connections that may be held for long are in use. Try again later";
            Refusal::new(StatusCode::SERVICE_UNAVAILABLE, why).retry_after(5).into_response()
        }
    }
}
