//! What the counter does with connections: over real sockets and on the real clock, because a
//! paused one misfires on sockets. The shop's actions are short and the bounds are wide.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use coffee::{Action, Durations, Observer, Reading, Timeline};
use counter::{Asked, Audience, Counter, Listener, limits, router};
use menu::Step;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};

/// A shop that is open on free ports of both loopback addresses.
struct Open {
    port: u16,
    settled: mpsc::Receiver<Timeline>,
    close: Option<oneshot::Sender<()>>,
    aborted: JoinHandle<usize>,
}

#[derive(Debug)]
struct Report(mpsc::Sender<Timeline>);

impl Observer<Action> for Report {
    fn over(&self, reading: &Reading<'_>) {
        self.0.try_send(reading.timeline().clone()).expect("few requests in a test");
    }
}

#[derive(Debug)]
struct Reporting(Arc<Report>);

impl Audience for Reporting {
    fn observer(&self, _asked: &Asked) -> Arc<dyn Observer<Action>> {
        self.0.clone()
    }
}

async fn open(step: Step, action: u64, grace: u64) -> Open {
    open_for(step, action, grace, |report| vec![Arc::new(Reporting(Arc::new(Report(report))))])
        .await
}

async fn open_for(
    step: Step,
    action: u64,
    grace: u64,
    audience: impl FnOnce(mpsc::Sender<Timeline>) -> Vec<Arc<dyn Audience>>,
) -> Open {
    let listener = Listener::on_localhost(0).await.expect("a free port");
    let port = listener.port();
    let (report, settled) = mpsc::channel(100);
    let counter = Counter {
        step,
        offered: vec![],
        durations: Durations::each(Duration::from_millis(action)),
        max_customers: 100,
        audience: audience(report),
    };
    let (close, closing) = oneshot::channel();
    let closing = async { closing.await.expect("the test closes the shop") };
    let grace = Duration::from_millis(grace);
    let aborted = tokio::spawn(serving::serve(listener, router(counter), limits(grace), closing));
    Open { port, settled, close: Some(close), aborted }
}

impl Open {
    async fn connect(&self) -> BufReader<TcpStream> {
        let address = (Ipv4Addr::LOCALHOST, self.port);
        BufReader::new(TcpStream::connect(address).await.expect("the shop is open"))
    }

    fn close(&mut self) {
        let close = self.close.take().expect("a shop is closed once");
        close.send(()).expect("the shop is still open");
    }

    async fn next_settled(&mut self) -> Timeline {
        let settled = timeout(Duration::from_secs(10), self.settled.recv()).await;
        settled.expect("it settles in time").expect("the shop is still open")
    }

    /// The number of requests that were aborted.
    async fn closed(self) -> usize {
        let aborted = timeout(Duration::from_secs(10), self.aborted).await;
        aborted.expect("it closes in time").expect("it does not panic")
    }
}

async fn order(stream: &mut BufReader<TcpStream>, path: &str) {
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("the shop listens");
}

/// Reads one answer: its status line and its body.
async fn answer(stream: &mut BufReader<TcpStream>) -> (String, String) {
    let read = async {
        let (mut status, mut length, mut line) = (String::new(), 0, String::new());
        stream.read_line(&mut status).await.expect("a status line");
        while stream.read_line(&mut line).await.expect("a header") > 2 {
            if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.trim().parse().expect("a length");
            }
            line.clear();
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await.expect("a whole body");
        (status.trim().to_owned(), String::from_utf8(body).expect("text"))
    };
    timeout(Duration::from_secs(10), read).await.expect("an answer in time")
}

const OK: &str = "HTTP/1.1 200 OK";

#[tokio::test]
async fn one_connection_serves_many_requests() {
    let shop = open(Step::NestedJoins, 20, 1_000).await;
    let mut stream = shop.connect().await;
    for customers in 1..=3 {
        order(&mut stream, &format!("/serve-customer/{customers}")).await;
        let (status, body) = answer(&mut stream).await;
        assert_eq!(status, OK);
        assert!(body.contains(&format!("to {customers} customer")), "{body}");
    }
    order(&mut stream, "/serve-customer/none").await;
    assert_eq!(answer(&mut stream).await.0, "HTTP/1.1 400 Bad Request");
}

#[tokio::test]
async fn localhost_works_whichever_way_it_resolves() {
    let shop = open(Step::NestedJoins, 1, 1_000).await;
    // A machine without IPv6 has nothing to show here, and says so by refusing to bind.
    let has_v6 = std::net::TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok();
    let v6 = has_v6.then_some(IpAddr::from(Ipv6Addr::LOCALHOST));
    for address in [Some(Ipv4Addr::LOCALHOST.into()), v6].into_iter().flatten() {
        let stream = TcpStream::connect(SocketAddr::new(address, shop.port)).await;
        let mut stream = BufReader::new(stream.expect("the shop is open here"));
        order(&mut stream, "/serve-customer").await;
        assert_eq!(answer(&mut stream).await.0, OK, "{address}");
    }
}

#[tokio::test]
async fn a_taken_port_is_refused_on_either_address() {
    for address in [IpAddr::from(Ipv4Addr::LOCALHOST), Ipv6Addr::LOCALHOST.into()] {
        let Ok(taken) = std::net::TcpListener::bind((address, 0)) else {
            assert!(address.is_ipv6(), "every machine has 127.0.0.1");
            continue;
        };
        let port = taken.local_addr().expect("it is bound").port();
        let refused = Listener::on_localhost(port).await.expect_err("the port is taken");
        assert_eq!(refused.kind(), std::io::ErrorKind::AddrInUse, "{address}");
    }
}

#[tokio::test]
async fn a_client_that_hangs_up_stops_the_brewing() {
    for step in [Step::Sequential, Step::Joined, Step::NestedJoins] {
        let mut shop = open(step, 5_000, 1_000).await;
        let mut stream = shop.connect().await;
        order(&mut stream, "/serve-customer/3").await;
        tokio::time::sleep(Duration::from_millis(100)).await;
        drop(stream);

        let timeline = shop.next_settled().await;
        assert_eq!((timeline.served(), timeline.lost()), (0, 3), "{step}");
        assert!(timeline.last_end() < Duration::from_secs(4), "{step}: {timeline:?}");
    }
}

#[tokio::test]
async fn in_step_3_the_coffees_come_although_the_client_has_left() {
    let mut shop = open(Step::Spawned, 100, 1_000).await;
    let mut stream = shop.connect().await;
    order(&mut stream, "/serve-customer/3").await;
    assert_eq!(answer(&mut stream).await.0, OK);
    drop(stream);
    assert_eq!(shop.next_settled().await.served(), 3);
}

#[tokio::test]
async fn closing_finishes_what_was_accepted_and_refuses_the_rest() {
    let mut shop = open(Step::Joined, 200, 5_000).await;
    let (mut busy, mut idle) = (shop.connect().await, shop.connect().await);
    order(&mut idle, "/serve-customer/none").await;
    answer(&mut idle).await;
    order(&mut busy, "/serve-customer/3").await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    shop.close();

    assert_eq!(answer(&mut busy).await.0, OK);
    let mut rest = Vec::new();
    idle.read_to_end(&mut rest).await.expect("an idle connection is closed");
    assert!(rest.is_empty());
    assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, shop.port)).await.is_err());
    assert_eq!(shop.next_settled().await.served(), 3);
    assert_eq!(shop.closed().await, 0);
}

#[tokio::test]
async fn closing_aborts_what_takes_too_long_and_says_how_many() {
    let mut shop = open(Step::Joined, 60_000, 200).await;
    let mut streams = [shop.connect().await, shop.connect().await];
    for stream in &mut streams {
        order(stream, "/serve-customer/3").await;
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    let began = Instant::now();
    shop.close();

    for _ in 0..2 {
        assert_eq!(shop.next_settled().await.lost(), 3);
    }
    assert_eq!(shop.closed().await, 2);
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}

#[tokio::test]
async fn half_a_request_does_not_keep_the_shop_open() {
    let mut shop = open(Step::Joined, 1, 200).await;
    let mut stream = shop.connect().await;
    stream.write_all(b"GET /serve-cust").await.expect("the shop listens");
    tokio::time::sleep(Duration::from_millis(50)).await;
    let began = Instant::now();
    shop.close();
    shop.closed().await;
    assert!(began.elapsed() < Duration::from_secs(5), "long before its request could time out");
}

#[tokio::test]
async fn a_client_that_says_nothing_more_is_sent_away() {
    let shop = open(Step::Joined, 1, 200).await;
    let (mut silent, mut idle) = (shop.connect().await, shop.connect().await);
    silent.write_all(b"GET /serve-cust").await.expect("the shop listens");
    order(&mut idle, "/serve-customer").await;
    assert_eq!(answer(&mut idle).await.0, OK);
    for stream in [&mut silent, &mut idle] {
        let mut rest = Vec::new();
        let closed = timeout(Duration::from_secs(60), stream.read_to_end(&mut rest)).await;
        closed.expect("it is closed after 10 s").expect("and without an error");
    }
}

#[tokio::test]
async fn dropping_the_future_aborts_the_connections() {
    let mut shop = open(Step::Joined, 60_000, 200).await;
    let mut stream = shop.connect().await;
    order(&mut stream, "/serve-customer/3").await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    shop.aborted.abort();
    assert_eq!(shop.next_settled().await.lost(), 3);
}

/// Panics while it watches.
#[derive(Debug)]
struct Clumsy;

impl Observer<Action> for Clumsy {
    fn event(&self, _event: &coffee::Event) {
        panic!("on purpose: the milk is spilled");
    }
}

impl Audience for Clumsy {
    fn observer(&self, _asked: &Asked) -> Arc<dyn Observer<Action>> {
        Arc::new(Self)
    }
}

#[tokio::test]
async fn an_order_that_panics_gets_a_sentence_and_the_connection_goes_on() {
    for step in [Step::Sequential, Step::Joined, Step::NestedJoins] {
        let shop = open_for(step, 1, 1_000, |_| vec![Arc::new(Clumsy)]).await;
        let mut stream = shop.connect().await;
        for _ in 0..2 {
            order(&mut stream, "/serve-customer/3").await;
            let (status, body) = answer(&mut stream).await;
            assert_eq!(status, "HTTP/1.1 500 Internal Server Error", "{step}");
            assert_eq!(body, "Your order failed, and it is the shop's fault: please order again\n");
        }
        order(&mut stream, "/serve-customer/none").await;
        assert_eq!(answer(&mut stream).await.0, "HTTP/1.1 400 Bad Request");
    }
}
