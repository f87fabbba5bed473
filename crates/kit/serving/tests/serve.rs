//! What a server does with connections: over real sockets and on the real clock, because a paused
//! one misfires on sockets. The bounds are wide.

use std::future::pending;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::routing::{get, post};
use axum::{Router, body};
use serving::{Client, Limits, Listener, serve, until_written};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

const PATIENCE: Duration = Duration::from_secs(30);
/// What is not to happen within this time is taken not to happen.
const A_WHILE: Duration = Duration::from_millis(600);

struct Server {
    port: u16,
    /// A permit lets one `/held` request go.
    release: Arc<Semaphore>,
    /// Whether each answer of `/large` was written.
    written: mpsc::Receiver<bool>,
    task: JoinHandle<usize>,
}

async fn held(State((release, _)): State<Shared>) -> &'static str {
    release.acquire().await.expect("never closed").forget();
    "released\n"
}

async fn large(State((_, written)): State<Shared>, request: Request) -> axum::response::Response {
    let answer = axum::response::IntoResponse::into_response("x".repeat(1_000_000));
    let over = move |whole| written.try_send(whole).expect("few answers in a test");
    until_written(answer, Client::of(request.extensions()), over).await.expect("a whole text")
}

async fn panicking() -> &'static str {
    panic!("on purpose")
}

type Shared = (Arc<Semaphore>, mpsc::Sender<bool>);

async fn server(limits: Limits) -> Server {
    let listener = Listener::on(Ipv4Addr::LOCALHOST.into(), 0).await.expect("a free port");
    let port = listener.port();
    let release = Arc::new(Semaphore::new(0));
    let (sender, written) = mpsc::channel(100);
    let router = Router::new()
        .route("/", get(async || "hello\n"))
        .route("/held", get(held))
        .route("/large", get(large))
        .route("/panic", get(panicking))
        .route("/echo", post(async |body: body::Bytes| body))
        .with_state((Arc::clone(&release), sender));
    let task = tokio::spawn(async move { serve(listener, router, limits, pending()).await });
    Server { port, release, written, task }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    async fn ask(&self, path: &str) -> TcpStream {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).await.expect("open");
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        stream.write_all(request.as_bytes()).await.expect("it listens");
        stream
    }
}

/// Reads until the text has come.
async fn until(stream: &mut TcpStream, text: &str) -> String {
    let mut read = String::new();
    let come = async {
        let mut buffer = [0; 4096];
        while !read.contains(text) {
            let bytes = stream.read(&mut buffer).await.expect("it goes on");
            assert!(bytes > 0, "no {text:?} in {read:?}");
            read.push_str(&String::from_utf8_lossy(&buffer[..bytes]));
        }
    };
    timeout(PATIENCE, come).await.unwrap_or_else(|_| panic!("waited too long for {text:?}"));
    read
}

fn limits(connections: usize) -> Limits {
    Limits::with_connections(connections)
}

#[tokio::test]
async fn a_client_beyond_the_bound_waits_until_a_connection_ends() {
    let server = server(limits(2)).await;
    let mut busy = [server.ask("/held").await, server.ask("/held").await];
    sleep(Duration::from_millis(100)).await;
    let mut next = server.ask("/").await;
    let mut byte = [0];
    assert!(
        timeout(A_WHILE, next.read(&mut byte)).await.is_err(),
        "it is not served beside 2 others"
    );
    drop(next);
    let mut next = server.ask("/").await;
    server.release.add_permits(1);
    let [one, _] = &mut busy;
    let began = Instant::now();
    until(&mut next, "hello\n").await;
    until(one, "released\n").await;
    assert!(began.elapsed() < Duration::from_secs(5), "its idle connection gave way");
}

#[tokio::test]
async fn a_client_that_waited_too_long_for_a_connection_is_told_why() {
    let newcomer_wait = Duration::from_millis(300);
    let server = server(Limits { newcomer_wait, ..limits(1) }).await;
    let _busy = server.ask("/held").await;
    sleep(Duration::from_millis(100)).await;
    for _ in 0..3 {
        let answer = until(&mut server.ask("/").await, "Try again later\n").await;
        assert!(answer.starts_with("HTTP/1.1 503 Service Unavailable\r\n"), "{answer}");
        assert!(answer.contains("All 1 connections of this server are in use"), "{answer}");
        assert!(answer.contains("retry-after: 1\r\n"), "{answer}");
    }
    server.release.add_permits(1);
}

#[tokio::test]
async fn at_the_bound_of_3_the_one_that_is_idle_for_longest_gives_way() {
    let server = server(limits(3)).await;
    let mut old = server.ask("/").await;
    until(&mut old, "hello\n").await;
    let mut busy = server.ask("/held").await;
    sleep(Duration::from_millis(100)).await;
    let mut young = server.ask("/").await;
    until(&mut young, "hello\n").await;
    sleep(Duration::from_millis(300)).await;

    let began = Instant::now();
    let mut next = server.ask("/").await;
    until(&mut next, "hello\n").await;
    let took = began.elapsed();
    println!("the newcomer was served in {took:?}");
    assert!(took < Duration::from_secs(2), "{took:?}");
    assert_eq!(old.read(&mut [0]).await.expect("closed, not reset"), 0);
    young.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await.expect("it is open");
    until(&mut young, "hello\n").await;
    server.release.add_permits(1);
    until(&mut busy, "released\n").await;
}

#[tokio::test]
async fn half_a_head_gives_way_at_the_bound_too() {
    let server = server(limits(1)).await;
    let mut half = TcpStream::connect((Ipv4Addr::LOCALHOST, server.port)).await.expect("open");
    half.write_all(b"GET / HTTP/1.1\r\nHost: lo").await.expect("it listens");
    let began = Instant::now();
    until(&mut server.ask("/").await, "hello\n").await;
    assert!(began.elapsed() < Duration::from_secs(5), "long before the head could time out");
}

#[tokio::test]
async fn an_answer_counts_as_written_when_its_last_byte_is() {
    let mut server = server(Limits { write_wait: Duration::from_secs(2), ..limits(10) }).await;
    let mut reads = server.ask("/large").await;
    until(&mut reads, &"x".repeat(1_000_000)).await;
    assert_eq!(server.written.recv().await, Some(true));

    let deaf = server.ask("/large").await;
    let began = Instant::now();
    assert_eq!(server.written.recv().await, Some(false), "it was cut");
    assert!(began.elapsed() >= Duration::from_secs(1), "{:?}", began.elapsed());
    drop(deaf);

    let mut leaves = server.ask("/large").await;
    leaves.read_exact(&mut [0; 100]).await.expect("it begins");
    drop(leaves);
    assert_eq!(server.written.recv().await, Some(false), "it left");
}

#[tokio::test]
async fn a_panic_is_a_500_with_words_and_the_server_goes_on() {
    let server = server(limits(10)).await;
    let mut stream = server.ask("/panic").await;
    let answer = until(&mut stream, "please try again\n").await;
    assert!(answer.starts_with("HTTP/1.1 500"), "{answer}");
    stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await.expect("it is open");
    until(&mut stream, "hello\n").await;
}

#[tokio::test]
async fn a_body_has_a_bound_however_it_is_sent() {
    let server = server(Limits { body_bytes: 10, ..limits(10) }).await;
    for (body, status) in [
        ("Content-Length: 10\r\n\r\n0123456789", "200"),
        ("Content-Length: 11\r\n\r\n0123456789x", "413"),
        ("Transfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n0\r\n\r\n", "200"),
        ("Transfer-Encoding: chunked\r\n\r\nb\r\n0123456789x\r\n0\r\n\r\n", "413"),
    ] {
        let mut stream =
            TcpStream::connect((Ipv4Addr::LOCALHOST, server.port)).await.expect("open");
        let request = format!("POST /echo HTTP/1.1\r\nHost: x\r\n{body}");
        stream.write_all(request.as_bytes()).await.expect("it listens");
        let answer = until(&mut stream, "\r\n\r\n").await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{body:?}: {answer}");
    }
}

#[tokio::test]
async fn closing_finishes_an_answer_that_is_being_read_slowly() {
    let listener = Listener::on(Ipv4Addr::LOCALHOST.into(), 0).await.expect("a free port");
    let port = listener.port();
    let router = Router::new().route("/", get(async || "x".repeat(300_000)));
    let (close, closing) = tokio::sync::oneshot::channel::<()>();
    let limits = Limits { grace: PATIENCE, ..limits(10) };
    let closing = async { closing.await.expect("the test closes it") };
    let task = tokio::spawn(serve(listener, router, limits, closing));
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.expect("open");
    stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await.expect("it listens");
    let mut first = [0; 1_000];
    stream.read_exact(&mut first).await.expect("it begins");
    close.send(()).expect("it is open");
    sleep(Duration::from_millis(300)).await;
    let mut rest = Vec::new();
    let read = timeout(PATIENCE, stream.read_to_end(&mut rest)).await;
    read.expect("it is closed").expect("and not reset");
    assert!(first.len() + rest.len() > 300_000, "{}", rest.len());
    assert_eq!(task.await.expect("no panic"), 0);
}
