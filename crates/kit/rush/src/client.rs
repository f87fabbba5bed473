use std::fmt;
use std::pin::{Pin, pin};
use std::time::Duration;

use http_body_util::{BodyExt, Empty, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::{Request, header};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

use crate::address::Address;
use crate::answer::Answer;
use crate::failure::Failure;

/// More than any shop says, in bytes: the answer to three million customers is a page.
const LONGEST_BODY: usize = 1 << 20;

/// Asks the shop at one address, and nobody else: no redirect is followed and no proxy asked.
#[derive(Clone, Debug)]
pub struct Client {
    address: Address,
    /// How long one request may take, in real time, the connection included.
    timeout: Duration,
}

impl Client {
    /// A client that waits for an answer for at most `timeout` (real time).
    #[must_use]
    pub const fn new(address: Address, timeout: Duration) -> Self {
        Self { address, timeout }
    }

    /// Where it asks.
    #[must_use]
    pub const fn address(&self) -> &Address {
        &self.address
    }

    /// Orders coffee for so many customers, on a connection of its own. Cancel safe: dropped, it
    /// hangs up.
    ///
    /// # Errors
    ///
    /// Every way in which a request ends without an answer is a [`Failure`].
    pub async fn order(&self, customers: u32) -> Result<Answer, Failure> {
        self.get(&order_path(customers)).await
    }

    /// Asks for a path, on a connection of its own.
    ///
    /// # Errors
    ///
    /// As for [`order`](Self::order).
    pub async fn get(&self, path: &str) -> Result<Answer, Failure> {
        self.in_time(async { self.connect().await?.ask(path).await }).await
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
        // An order is one packet, and must not wait for a second. A connection that ended already
        // refuses this, and says so when it is used.
        let _ = stream.set_nodelay(true);
        let shake = http1::handshake(TokioIo::new(stream)).await;
        let (sender, driver) = shake.map_err(|_| Failure::Died)?;
        let (authority, timeout) = (self.address.authority(), self.timeout);
        Ok(Connection { sender, driver: Box::pin(driver), ended: false, authority, timeout })
    }
}

/// A connection to a shop, for one order after another.
pub struct Connection {
    sender: http1::SendRequest<Empty<Bytes>>,
    driver: Pin<Box<http1::Connection<TokioIo<TcpStream>, Empty<Bytes>>>>,
    /// The driver is done, and must not be polled again.
    ended: bool,
    authority: String,
    timeout: Duration,
}

impl Connection {
    /// Orders coffee for so many customers.
    ///
    /// # Errors
    ///
    /// As for [`Client::order`].
    pub async fn order(&mut self, customers: u32) -> Result<Answer, Failure> {
        let asked = timeout(self.timeout, self.ask(&order_path(customers))).await;
        asked.unwrap_or(Err(Failure::TimedOut(self.timeout)))
    }

    /// Whether the shop keeps it open for another order. To know, it must look.
    pub async fn stays_open(&mut self) -> bool {
        if !self.ended {
            tokio::select! {
                biased; // an end that came is seen before it looks ready
                _ = &mut self.driver => self.ended = true,
                ready = timeout(self.timeout, self.sender.ready()) => {
                    return matches!(ready, Ok(Ok(())));
                }
            }
        }
        false
    }

    async fn ask(&mut self, path: &str) -> Result<Answer, Failure> {
        let began = Instant::now();
        let request = Request::get(path)
            .header(header::HOST, &self.authority)
            .header(header::USER_AGENT, "coffee-shop-rush")
            .body(Empty::new())
            .map_err(|_| Failure::NotHttp)?;
        let sender = &mut self.sender;
        let exchange = async {
            sender.ready().await.map_err(|error| failure(&error))?;
            let response = sender.send_request(request).await.map_err(|error| failure(&error))?;
            let status = response.status();
            let body = Limited::new(response.into_body(), LONGEST_BODY).collect().await;
            let body = body.map_err(|error| match error.downcast::<hyper::Error>() {
                Ok(error) => failure(&error),
                Err(_) => Failure::NotHttp, // it is longer than that
            })?;
            Ok(Answer::new(status, &body.to_bytes(), began.elapsed()))
        };
        // The driver moves the bytes. It ends with the connection, and the exchange then knows.
        let mut exchange = pin!(exchange);
        tokio::select! {
            answer = &mut exchange => return answer,
            _ = &mut self.driver => self.ended = true,
        }
        exchange.await
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("authority", &self.authority).finish_non_exhaustive()
    }
}

fn order_path(customers: u32) -> String {
    format!("/serve-customer/{customers}")
}

fn failure(error: &hyper::Error) -> Failure {
    if error.is_parse() { Failure::NotHttp } else { Failure::Died }
}
