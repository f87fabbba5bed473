use std::pin::pin;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::Listener;

/// Enough for a classroom. One more waits in the operating system's queue until another is closed.
const MAX_CONNECTIONS: usize = 64;
/// How long a client may take to say what it wants, in real time; also how long an idle
/// connection is kept.
const REQUEST_WAIT: Duration = Duration::from_secs(10);

/// Serves until `shutdown` is done, then refuses new connections, finishes within `grace` (real
/// time) what was accepted, and aborts the rest. Returns how many connections it aborted.
///
/// Each connection is a task in a [`JoinSet`] of this future's own: dropping the future aborts
/// them all.
pub async fn serve(
    listener: Listener,
    router: Router,
    shutdown: impl Future<Output = ()>,
    grace: Duration,
) -> usize {
    let mut connections = JoinSet::new();
    let closing = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(REQUEST_WAIT);
    let mut shutdown = pin!(shutdown);
    loop {
        tokio::select! {
            accepted = listener.accept(), if connections.len() < MAX_CONNECTIONS => match accepted {
                Ok(stream) => {
                    let service = TowerToHyperService::new(router.clone());
                    let connection = http.serve_connection(TokioIo::new(stream), service);
                    // A connection fails when its client does; there is nobody left to tell.
                    connections.spawn(closing.watch(connection));
                }
                // Out of descriptors, most likely: let some be closed before trying again.
                Err(_) => sleep(Duration::from_millis(50)).await,
            },
            Some(_) = connections.join_next() => {}
            () = &mut shutdown => break,
        }
    }
    drop(listener);
    if timeout(grace, closing.shutdown()).await.is_ok() {
        return 0;
    }
    let mut aborted = 0;
    connections.abort_all();
    while let Some(connection) = connections.join_next().await {
        aborted += usize::from(connection.is_err_and(|error| error.is_cancelled()));
    }
    aborted
}
