use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response, Sse, sse};
use futures_util::stream::unfold;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::timeout;

use crate::open::Live;

/// After so long without a frame a comment is sent: writing is how one learns that a viewer is
/// gone.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// How long a browser waits before it comes back: soon, because the next step is another server.
const RETRY: Duration = Duration::from_secs(1);

/// `GET /events`: the current state at once, and then the newest frame whenever there is one.
pub(crate) async fn events(State(live): State<Live>) -> Response {
    let Ok(permit) = live.viewer_permits.clone().try_acquire_owned() else {
        return full(live.max_viewers).into_response();
    };
    let viewer = Viewer::new(&live, permit);
    let frames = unfold(viewer, async |mut viewer| {
        let event = viewer.next().await?;
        Some((Ok::<_, Infallible>(event), viewer))
    });
    Sse::new(frames).into_response()
}

fn full(max: usize) -> (StatusCode, String) {
    let why = format!("{max} browsers watch this shop already: close one, and reload\n");
    (StatusCode::SERVICE_UNAVAILABLE, why)
}

/// One open event stream. It asks for a frame when the last one is on its way, so a slow reader
/// skips frames and nothing waits in between.
struct Viewer {
    current: Option<Arc<str>>,
    frames: watch::Receiver<Arc<str>>,
    /// Given back when the stream is dropped, however it ends.
    _permit: OwnedSemaphorePermit,
}

impl Viewer {
    fn new(live: &Live, permit: OwnedSemaphorePermit) -> Self {
        let mut frames = live.frames.clone();
        // Before looking at the board: what happens in between is sent once more, and not lost.
        frames.mark_unchanged();
        live.board.wake_publisher();
        Self { current: Some(live.board.frame()), frames, _permit: permit }
    }

    /// `None` once the publisher is dropped.
    async fn next(&mut self) -> Option<sse::Event> {
        if let Some(frame) = self.current.take() {
            return Some(sse::Event::default().retry(RETRY).data(frame));
        }
        match timeout(KEEP_ALIVE, self.frames.changed()).await {
            Ok(Ok(())) => Some(sse::Event::default().data(&*self.frames.borrow_and_update())),
            Ok(Err(_closed)) => None,
            Err(_quiet) => Some(sse::Event::default().comment("")),
        }
    }
}
