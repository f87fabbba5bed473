use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::middleware::from_fn_with_state;
use tokio::time::sleep;

use crate::connections::Connections;
use crate::{Limits, Listener, answer_panics};

const PANICKED: &str = "The request failed, and it is the server's fault: please try again\n";

/// Serves until `shutdown` is done. Then it refuses new connections, finishes within
/// [`Limits::grace`] what was accepted, and aborts the rest. Returns how many connections it
/// aborted.
///
/// Dropping the future aborts all connections.
///
/// # What a client meets
///
/// - A client that closes its connection, or only its sending side, is gone: its request is dropped
///   and gets no answer, even if bytes before the end are unread. (nginx does the same. Elsewhere
///   than on Linux the end is seen only if all before it is read.)
/// - Refusals say why: 400 for a request that is not HTTP, has no valid `Host` or a doubled transfer
///   coding; 408, 413, 431 and 501 as [`Limits`] and RFC 9112 say; 503 at the bound of connections;
///   500 where a handler panics.
/// - What hyper decides beneath this: a `Content-Length` beside a transfer coding is ignored, two
///   that differ are a 400; leading empty lines are skipped; `HEAD` gets no body; a connection ends
///   after a request whose body was not read. An idle connection, and one that has sent nothing, is
///   closed without a word after [`Limits::request_wait`].
pub async fn serve(
    listener: Listener,
    router: Router,
    limits: Limits,
    shutdown: impl Future<Output = ()>,
) -> usize {
    let router = router.layer(from_fn_with_state(PANICKED, answer_panics));
    let mut connections = Connections::new(router, limits);
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = connections.closed() => continue,
            () = &mut shutdown => break,
        };
        let Ok(stream) = accepted else {
            // Out of descriptors, most likely: let some be closed before trying again.
            sleep(Duration::from_millis(50)).await;
            continue;
        };
        tokio::select! {
            () = connections.add(stream) => {}
            () = &mut shutdown => break,
        }
    }
    drop(listener);
    connections.close().await
}
