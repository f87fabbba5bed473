use std::pin::pin;
use std::time::Duration;

use axum::Router;
use counter::Listener;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;

/// What a client may cost before it has ordered anything. The durations are real time.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How many connections are open at the same time. One more waits in the operating system's
    /// queue until another is closed.
    pub connections: usize,
    /// How many headers a request may have; one more gets 431.
    pub headers: usize,
    /// How many bytes of a request's head are kept, at least 8,192; a longer one gets 431.
    pub head_bytes: usize,
    /// How long a client may take to say what it wants; also how long an idle connection is kept.
    pub request_wait: Duration,
    /// How long a client may leave its answer unread, before the connection is cut.
    pub write_wait: Duration,
    /// How long the last answers may take to be written when the shop closes.
    pub last_answers: Duration,
}

impl Limits {
    /// Bounds for everything except the connections, whose number depends on the machine.
    #[must_use]
    pub const fn with_connections(connections: usize) -> Self {
        Self {
            connections,
            headers: 64,
            head_bytes: 8 * 1024,
            request_wait: Duration::from_secs(10),
            write_wait: Duration::from_secs(10),
            last_answers: Duration::from_secs(1),
        }
    }
}

/// Serves until `shutdown` is done, then closes: answers that are being written have
/// [`Limits::last_answers`], and everything else is aborted.
///
/// The counter's loop with more bounds. Each connection is a task in a [`JoinSet`] of this
/// future's own: dropping the future aborts them all.
pub async fn serve(
    listener: Listener,
    router: Router,
    limits: Limits,
    shutdown: impl Future<Output = ()>,
) {
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
                // A connection fails when its client does; there is nobody left to tell.
                connections.spawn(closing.watch(connection));
            }
            Some(_) = connections.join_next() => {}
            () = &mut shutdown => break,
        }
    }
    drop(listener);
    // If it is over, dropping the set aborts who is left.
    let _ = timeout(limits.last_answers, closing.shutdown()).await;
    connections.shutdown().await;
}
