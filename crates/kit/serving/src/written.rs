use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, to_bytes};
use axum::http::Extensions;
use axum::response::Response;
use hyper::body::{Body as HttpBody, Frame, SizeHint};

use crate::activity::Activity;

/// Whether a client can still be written to; taken from its request's extensions. Without a
/// connection, as in a test of a router, it always can.
#[derive(Clone, Debug, Default)]
pub struct Client(Option<Arc<Activity>>);

impl Client {
    /// The client that sent the request with these extensions.
    #[must_use]
    pub fn of(request: &Extensions) -> Self {
        request.get().cloned().unwrap_or_default()
    }

    pub(crate) fn on(activity: &Arc<Activity>) -> Self {
        Self(Some(Arc::clone(activity)))
    }

    fn is_lost(&self) -> bool {
        self.0.as_ref().is_some_and(|activity| activity.is_lost())
    }
}

/// Calls `over` once the answer's memory is free: with `true` if its last byte was written to the
/// client's socket, with `false` if the answer was lost. For answers that are whole texts; a stream
/// is collected first.
///
/// # Errors
///
/// If the body cannot be collected.
pub async fn until_written(
    response: Response,
    client: Client,
    over: impl FnOnce(bool) + Send + 'static,
) -> Result<Response, axum::Error> {
    // Made first, so that an answer which is never collected is lost as well.
    let over: Over = Box::new(over);
    let mut answer = Answer { bytes: Bytes::new(), client, handed_over: false, over: Some(over) };
    let (parts, body) = response.into_parts();
    answer.bytes = to_bytes(body, usize::MAX).await?;
    Ok(Response::from_parts(parts, Body::new(Whole(Some(answer)))))
}

type Over = Box<dyn FnOnce(bool) + Send>;

struct Answer {
    bytes: Bytes,
    client: Client,
    handed_over: bool,
    over: Option<Over>,
}

impl AsRef<[u8]> for Answer {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

/// Hyper drops the bytes of an answer when it has written them, or with the connection; and the
/// connection says that it is lost before it is dropped.
impl Drop for Answer {
    fn drop(&mut self) {
        let written = self.handed_over && !self.client.is_lost();
        if let Some(over) = self.over.take() {
            over(written);
        }
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer").field("client", &self.client).finish_non_exhaustive()
    }
}

/// A body of one frame.
#[derive(Debug)]
struct Whole(Option<Answer>);

impl HttpBody for Whole {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let frame = self.0.take().map(|mut answer| {
            answer.handed_over = true;
            Ok(Frame::data(Bytes::from_owner(answer)))
        });
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.as_ref().map_or(0, |answer| answer.bytes.len() as u64))
    }
}
