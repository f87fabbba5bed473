use std::pin::pin;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;

use crate::{Limits, Listener};

/// Serves until `shutdown` is done. Then it refuses new connections, finishes within
/// [`Limits::grace`] what was accepted, and aborts the rest. Returns how many connections it
/// aborted.
///
/// Each connection is a task in a [`JoinSet`] of this future's own: dropping the future aborts
/// them all.
pub async fn serve(
    listener: Listener,
    router: Router,
    limits: Limits,
    shutdown: impl Future<Output = ()>,
) -> usize {
    let mut connections = JoinSet::new();
    let closing = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.request_wait);
    http.max_headers(limits.headers).max_buf_size(limits.head_bytes);
    let mut shutdown = pin!(shutdown);
    loop {
        tokio::select! {
            accepted = listener.accept(), if connections.len() < limits.connections => {
                let Ok(stream) = accepted else {
                    // Out of descriptors, most likely: let some be closed before trying again.
                    sleep(Duration::from_millis(50)).await;
                    continue;
                };
                let mut stream = TimeoutStream::new(stream);
                stream.set_write_timeout(Some(limits.write_wait));
                let service = TowerToHyperService::new(router.clone());
                let connection = http.serve_connection(TokioIo::new(Box::pin(stream)), service);
                // A connection fails when its client does, and then no one is left to tell.
                connections.spawn(closing.watch(connection));
            }
            Some(_) = connections.join_next() => {}
            () = &mut shutdown => break,
        }
    }
    drop(listener);
    if timeout(limits.grace, closing.shutdown()).await.is_ok() {
        return 0;
    }
    let mut aborted = 0;
    connections.abort_all();
    while let Some(connection) = connections.join_next().await {
        aborted += usize::from(connection.is_err_and(|error| error.is_cancelled()));
    }
    aborted
}
