use std::convert::Infallible;
use std::future::{pending, poll_fn};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use http_body_util::Limited;
use hyper::body::{Body as _, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{sleep, timeout};
use tower::ServiceExt;

use crate::Limits;
use crate::activity::Activity;
use crate::check::check;
use crate::held::holding;
use crate::refusal::Refusal;
use crate::socket::Socket;
use crate::wire::Wire;
use crate::written::Client;

/// How long a connection that is asked to close may wait for the rest of a request's head.
const LAST_HEAD: Duration = Duration::from_millis(100);
/// How long, and how much, a client may go on sending after its request was refused. To close
/// before would reset the connection, and the reset would overtake the refusal.
const LINGER: Duration = Duration::from_secs(1);
const LINGER_BYTES: u64 = 256 * 1024;

/// Serves one connection until its client, its limits or the accept loop end it.
pub(crate) async fn connection(
    socket: Socket,
    router: Router,
    limits: Limits,
    activity: Arc<Activity>,
) {
    let wire = Wire::new(socket.clone(), Arc::clone(&activity), limits);
    let service = service_fn(|request| Box::pin(answer(&router, &limits, &activity, request)));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.request_wait);
    // Written from a queue, an answer's bytes are dropped when they are written, and not before.
    http.max_headers(limits.headers).max_buf_size(limits.head_bytes).writev(true);
    let mut http = http.serve_connection(TokioIo::new(wire), service);
    // Declared after the connection, so dropped before it, however this future ends.
    let lost = LoseOnDrop(&activity);
    let ended = loop {
        tokio::select! {
            biased;
            ended = poll_fn(|cx| http.poll_without_shutdown(cx)) => break ended,
            () = socket.hung_up() => return,
            () = activity.retiring() => Pin::new(&mut http).graceful_shutdown(),
            () = only_half_a_head(&activity) => return,
        }
    };
    // What hyper has not written by now it drops with its connection.
    drop(lost);
    let parts = http.into_parts();
    let mut wire = parts.io.into_inner();
    let timed_out = ended.is_err_and(|error| error.is_timeout()) && !parts.read_buf.is_empty();
    if timed_out {
        let why = format!("The request did not arrive within {:?}", limits.request_wait);
        let refusal = Refusal::new(StatusCode::REQUEST_TIMEOUT, why).to_string();
        let _ = wire.write_all(refusal.as_bytes()).await;
    }
    let refused = timed_out || wire.has_refused() || !parts.read_buf.is_empty();
    close(wire, refused).await;
}

/// Answers with the refusal, and closes. What the client has sent is not looked at.
pub(crate) async fn refuse(mut socket: Socket, refusal: Refusal) {
    let answer = refusal.to_string();
    if timeout(LINGER, socket.write_all(answer.as_bytes())).await.is_ok() {
        close(socket, true).await;
    }
}

async fn close(mut stream: impl AsyncReadExt + AsyncWriteExt + Unpin, linger: bool) {
    if stream.shutdown().await.is_ok() && linger {
        let mut rest = tokio::io::sink();
        let mut stream = stream.take(LINGER_BYTES);
        let _ = timeout(LINGER, tokio::io::copy(&mut stream, &mut rest)).await;
    }
}

async fn answer(
    router: &Router,
    limits: &Limits,
    activity: &Arc<Activity>,
    mut request: Request<Incoming>,
) -> Result<Response, Infallible> {
    let in_request = activity.request();
    let response = match check(&request, limits) {
        Err(refusal) => refusal.into_response(),
        Ok(()) => {
            request.extensions_mut().insert(Client::on(activity));
            let body = usize::try_from(limits.body_bytes).unwrap_or(usize::MAX);
            let request = request.map(|incoming| Body::new(Limited::new(incoming, body)));
            router.clone().oneshot(request).await?
        }
    };
    let mut response = with_words(response);
    if response.status() == StatusCode::SERVICE_UNAVAILABLE && activity.is_crowded() {
        // A refused client must not keep a connection that others wait for.
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(header::CONNECTION, close);
    }
    Ok(holding(response, in_request))
}

/// Gives a refusal words that the router left without any, as axum does with 405.
fn with_words(mut response: Response) -> Response {
    let status = response.status();
    let refused = status.is_client_error() || status.is_server_error();
    if refused && response.body().size_hint().exact() == Some(0) {
        let allowed = response.headers().get(header::ALLOW);
        let methods = allowed.and_then(|methods| methods.to_str().ok());
        let methods = methods.map(|methods| format!(": this path takes {methods}"));
        let sentence = format!("{status}{}\n", methods.unwrap_or_default());
        let text = HeaderValue::from_static("text/plain; charset=utf-8");
        response.headers_mut().remove(header::CONTENT_LENGTH);
        response.headers_mut().insert(header::CONTENT_TYPE, text);
        *response.body_mut() = Body::from(sentence);
    }
    response
}

/// Done if a connection that is asked to close waits for the rest of a head.
async fn only_half_a_head(activity: &Activity) {
    if !activity.is_retired() {
        return pending().await;
    }
    sleep(LAST_HEAD).await;
    if activity.idle_for().is_none() {
        pending().await
    }
}

struct LoseOnDrop<'a>(&'a Activity);

impl Drop for LoseOnDrop<'_> {
    fn drop(&mut self) {
        self.0.lose();
    }
}
