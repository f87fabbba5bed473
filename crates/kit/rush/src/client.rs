use std::fmt;
use std::pin::{Pin, pin};
use std::time::Duration;

use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{HOST, HeaderValue, USER_AGENT};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

use crate::address::Address;
use crate::answer::Answer;
use crate::failure::Failure;
use crate::request::Request;

/// The longest body that is read, in bytes.
const LONGEST_BODY: usize = 1 << 20;
/// The longest head that is read, in bytes.
const LONGEST_HEAD: usize = 256 << 10;

/// Sends requests to one address, each on a connection of its own.
#[derive(Clone, Debug)]
pub struct Client {
    address: Address,
    /// How long one request may take, the connection included, in wall time.
    timeout: Duration,
}

impl Client {
    /// A client that waits for an answer for at most `timeout` (wall time), the connection
    /// included.
    #[must_use]
    pub const fn new(address: Address, timeout: Duration) -> Self {
        Self { address, timeout }
    }

    /// The address that it asks.
    #[must_use]
    pub const fn address(&self) -> &Address {
        &self.address
    }

    /// Sends a request on a connection of its own. Cancel safe: dropped, it hangs up.
    ///
    /// # Errors
    ///
    /// Every way in which a request ends without an answer is a [`Failure`].
    pub async fn send(&self, request: Request) -> Result<Answer, Failure> {
        self.in_time(async { self.connect().await?.exchange(request).await }).await
    }

    /// Bounds all that belongs to one request, as each of its parts has a bound of its own.
    pub(crate) async fn in_time<T>(
        &self,
        asked: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        timeout(self.timeout, asked).await.unwrap_or(Err(Failure::TimedOut(self.timeout)))
    }

    /// Connects, and sends nothing yet.
    ///
    /// # Errors
    ///
    /// [`Refused`](Failure::Refused), [`Unreachable`](Failure::Unreachable), or
    /// [`TimedOut`](Failure::TimedOut).
    pub async fn connect(&self) -> Result<Connection, Failure> {
        let (host, port) = (self.address.host(), self.address.port());
        let stream = timeout(self.timeout, TcpStream::connect((host, port))).await;
        let stream = stream.map_err(|_| Failure::TimedOut(self.timeout))?;
        let stream = stream.map_err(Failure::connecting)?;
        // A request is one packet, and must not wait for a second. A connection that ended already
        // refuses this, and says so when it is used.
        let _ = stream.set_nodelay(true);
        let mut builder = http1::Builder::new();
        let shake = builder.max_buf_size(LONGEST_HEAD).handshake(TokioIo::new(stream)).await;
        let (sender, driver) = shake.map_err(|_| Failure::Died)?;
        let host = HeaderValue::try_from(self.address.authority()).map_err(|_| Failure::Died)?;
        let (driver, timeout) = (Box::pin(driver), self.timeout);
        Ok(Connection { sender, driver, ended: false, host, timeout })
    }
}

/// A connection to a service, for one request after another.
pub struct Connection {
    sender: http1::SendRequest<Full<Bytes>>,
    driver: Pin<Box<http1::Connection<TokioIo<TcpStream>, Full<Bytes>>>>,
    /// The driver is done, and must not be polled again.
    ended: bool,
    host: HeaderValue,
    timeout: Duration,
}

impl Connection {
    /// Sends a request, and waits for the whole answer. Cancel safe: dropped, it leaves a
    /// connection that cannot be used again.
    ///
    /// # Errors
    ///
    /// As for [`Client::send`].
    pub async fn send(&mut self, request: Request) -> Result<Answer, Failure> {
        let asked = timeout(self.timeout, self.exchange(request)).await;
        asked.unwrap_or(Err(Failure::TimedOut(self.timeout)))
    }

    /// Whether the service keeps the connection open for another request.
    pub async fn stays_open(&mut self) -> bool {
        if !self.ended {
            tokio::select! {
                biased; // an end that came is seen before the connection looks ready
                _ = &mut self.driver => self.ended = true,
                ready = timeout(self.timeout, self.sender.ready()) => {
                    return matches!(ready, Ok(Ok(())));
                }
            }
        }
        false
    }

    pub(crate) async fn exchange(&mut self, request: Request) -> Result<Answer, Failure> {
        let began = Instant::now();
        let request = self.complete(request);
        let sender = &mut self.sender;
        let exchange = async {
            sender.ready().await.map_err(|error| failure(&error))?;
            let response = sender.send_request(request).await.map_err(|error| failure(&error))?;
            let (head, body) = response.into_parts();
            let body = Limited::new(body, LONGEST_BODY).collect().await.map_err(unread)?;
            let (status, headers, body) = (head.status, head.headers, body.to_bytes());
            Ok(Answer { status, headers, body, took: began.elapsed() })
        };
        // The driver moves the bytes. It ends with the connection, and the exchange then knows.
        let mut exchange = pin!(exchange);
        tokio::select! {
            answer = &mut exchange => return answer,
            _ = &mut self.driver => self.ended = true,
        }
        exchange.await
    }

    /// Adds the headers that every request needs, unless it has its own.
    fn complete(&self, request: Request) -> hyper::Request<Full<Bytes>> {
        let Request { method, path, mut headers, body } = request;
        headers.entry(HOST).or_insert_with(|| self.host.clone());
        headers.entry(USER_AGENT).or_insert(HeaderValue::from_static("rush"));
        let mut complete = hyper::Request::new(Full::new(body));
        *complete.method_mut() = method;
        *complete.uri_mut() = path;
        *complete.headers_mut() = headers;
        complete
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("host", &self.host).finish_non_exhaustive()
    }
}

/// Why a body was not read to its end.
fn unread(error: Box<dyn std::error::Error + Send + Sync>) -> Failure {
    match error.downcast::<hyper::Error>() {
        Ok(error) => failure(&error),
        Err(error) if error.is::<LengthLimitError>() => Failure::TooLong(LONGEST_BODY),
        Err(_) => Failure::Died,
    }
}

fn failure(error: &hyper::Error) -> Failure {
    match error {
        _ if error.is_parse_too_large() => Failure::TooLong(LONGEST_HEAD),
        _ if error.is_parse() => Failure::NotHttp,
        _ => Failure::Died,
    }
}
