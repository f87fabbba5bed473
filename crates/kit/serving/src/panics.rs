use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// A middleware that answers 500 with a sentence, its state, where a handler panics. The
/// connection, and the requests of other clients, go on.
pub async fn answer_panics(
    State(sentence): State<&'static str>,
    request: Request,
    next: Next,
) -> Response {
    let mut answer = pin!(next.run(request));
    let caught = poll_fn(|cx| {
        // What panicked is dropped and never polled again.
        match catch_unwind(AssertUnwindSafe(|| answer.as_mut().poll(cx))) {
            Ok(poll) => poll.map(Some),
            Err(_) => Poll::Ready(None),
        }
    });
    caught.await.unwrap_or_else(|| {
        tracing::error!("a request panicked; its client was told, others are not affected");
        (StatusCode::INTERNAL_SERVER_ERROR, sentence).into_response()
    })
}
