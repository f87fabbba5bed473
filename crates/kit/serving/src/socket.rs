use std::future::pending;
use std::io::{ErrorKind, IoSlice, Result};
use std::net::Shutdown;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::TcpStream;

/// A TCP stream that can be watched for its end while another owner reads and writes it.
#[derive(Clone, Debug)]
pub(crate) struct Socket(Arc<TcpStream>);

impl Socket {
    /// Bounds what the kernel keeps of unread answers and of requests, to `buffer` bytes each way.
    /// (Linux takes twice as much, for its own books.)
    pub(crate) fn new(stream: TcpStream, buffer: usize) -> Self {
        let socket = SockRef::from(&stream);
        // A system that refuses keeps its own bounds.
        let _ = socket.set_send_buffer_size(buffer);
        let _ = socket.set_recv_buffer_size(buffer);
        Self(Arc::new(stream))
    }

    /// Done when the client has closed its sending side or has reset the connection, even if bytes
    /// before that are unread. Elsewhere than on Linux it is never done: there hyper alone looks for
    /// the end, and not past unread bytes.
    pub(crate) async fn hung_up(&self) {
        #[cfg(any(target_os = "linux", target_os = "android"))]
        if self.0.ready(Interest::PRIORITY | Interest::ERROR).await.is_ok() {
            return;
        }
        #[cfg(not(any(target_os = "linux", target_os = "android")))]
        let _ = Interest::READABLE;
        pending::<()>().await;
    }

    fn poll_try<T>(
        &self,
        cx: &mut Context<'_>,
        ready: impl Fn(&TcpStream, &mut Context<'_>) -> Poll<Result<()>>,
        mut attempt: impl FnMut(&TcpStream) -> Result<T>,
    ) -> Poll<Result<T>> {
        loop {
            ready!(ready(&self.0, cx))?;
            match attempt(&self.0) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                done => return Poll::Ready(done),
            }
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        let read = self.poll_try(cx, TcpStream::poll_read_ready, |stream| stream.try_read_buf(buf));
        read.map_ok(|_| ())
    }
}

impl AsyncWrite for Socket {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<Result<usize>> {
        self.poll_try(cx, TcpStream::poll_write_ready, |stream| stream.try_write(buf))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        self.poll_try(cx, TcpStream::poll_write_ready, |stream| stream.try_write_vectored(bufs))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<()>> {
        Poll::Ready(SockRef::from(&*self.0).shutdown(Shutdown::Write))
    }
}
