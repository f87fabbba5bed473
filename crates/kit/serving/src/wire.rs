use std::io::{IoSlice, Result};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::http::StatusCode;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_io_timeout::TimeoutStream;

use crate::Limits;
use crate::activity::Activity;
use crate::refusal::Refusal;
use crate::socket::Socket;

/// What hyper reads and writes: the socket with a bound on how long an answer stays unread, and with
/// words for the requests that hyper itself refuses.
#[derive(Debug)]
pub(crate) struct Wire {
    stream: Pin<Box<TimeoutStream<Socket>>>,
    activity: Arc<Activity>,
    limits: Limits,
    /// Our own words, which hyper believes to be written.
    words: Vec<u8>,
    refused: bool,
}

impl Wire {
    pub(crate) fn new(socket: Socket, activity: Arc<Activity>, limits: Limits) -> Self {
        let mut stream = TimeoutStream::new(socket);
        stream.set_write_timeout(Some(limits.write_wait));
        Self { stream: Box::pin(stream), activity, limits, words: Vec::new(), refused: false }
    }

    /// Whether hyper has refused a request here.
    pub(crate) const fn has_refused(&self) -> bool {
        self.refused
    }

    /// Recognises an answer of hyper's own: it has no body, and no request is under way.
    fn words_for(&self, head: &[u8]) -> Option<String> {
        let ours = self.activity.is_in_request() || !head.ends_with(b"\r\n\r\n");
        let empty = |head: &str| head.to_ascii_lowercase().contains("\r\ncontent-length: 0\r\n");
        let head = std::str::from_utf8(head).ok().filter(|head| !ours && empty(head))?;
        let status: u16 = head.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
        let status = StatusCode::from_u16(status).ok()?;
        let sentence = match status {
            StatusCode::BAD_REQUEST => {
                "This is not an HTTP request that can be understood".to_owned()
            }
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => format!(
                "The head of a request may have {} headers and {} bytes here; this one has more",
                self.limits.headers, self.limits.head_bytes
            ),
            StatusCode::URI_TOO_LONG => "The path of this request is too long".to_owned(),
            _ => return None,
        };
        Some(Refusal::new(status, sentence).to_string())
    }

    fn poll_words(&mut self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        while !self.words.is_empty() {
            let written = ready!(self.stream.as_mut().poll_write(cx, &self.words));
            self.words.drain(..self.noting(written)?);
        }
        Poll::Ready(Ok(()))
    }

    /// After an error nothing can be written any more.
    fn noting<T>(&self, result: Result<T>) -> Result<T> {
        if result.is_err() {
            self.activity.lose();
        }
        result
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        self.stream.as_mut().poll_read(cx, buf)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<Result<usize>> {
        self.poll_write_vectored(cx, &[IoSlice::new(buf)])
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        ready!(self.poll_words(cx))?;
        let first = bufs.iter().find(|buf| !buf.is_empty());
        if let Some((head, words)) = first.and_then(|head| Some((head, self.words_for(head)?))) {
            self.words = words.into_bytes();
            self.refused = true;
            return Poll::Ready(Ok(head.len()));
        }
        let written = ready!(self.stream.as_mut().poll_write_vectored(cx, bufs));
        Poll::Ready(self.noting(written))
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        ready!(self.poll_words(cx))?;
        self.activity.flushed();
        self.stream.as_mut().poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        ready!(self.poll_words(cx))?;
        self.stream.as_mut().poll_shutdown(cx)
    }
}
