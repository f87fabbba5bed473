//! What hostile or careless clients do to the others, each attack with the bound that holds it.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use tokio::time::Instant;

use crate::support::{ORDER, Shop, pause, rest};

/// Nothing here needs this long on a machine that is busy, and an attack lasts longer.
const SOON: Duration = Duration::from_secs(8);

fn soon(shop: &Shop, line: &str) -> bool {
    let began = Instant::now();
    while began.elapsed() < SOON {
        if shop.get("/metrics").contains(line) {
            return true;
        }
        pause();
    }
    false
}

#[derive(Clone, Copy, Debug)]
enum Leaves {
    Closing,
    Resetting,
    HalfClosing,
}

fn leave(stream: TcpStream, how: Leaves) -> Option<TcpStream> {
    match how {
        Leaves::Closing => return None,
        Leaves::Resetting => {
            let socket = socket2::SockRef::from(&stream);
            socket.set_linger(Some(Duration::ZERO)).expect("it lets itself be reset");
            return None;
        }
        Leaves::HalfClosing => stream.shutdown(Shutdown::Write).expect("it is open"),
    }
    Some(stream)
}

/// On other systems hyper alone looks for the end, and not past unread bytes.
#[cfg(target_os = "linux")]
#[test]
fn a_hang_up_behind_unread_bytes_stops_the_brewing() {
    let shop = Shop::open(&["--action-seconds", "600", "--capacity", "2", "--max-wait", "0"]);
    let body = &b"GET /serve-customer HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n"[..];
    for (after, what) in
        [(ORDER, &b""[..]), (ORDER, b"\r"), (ORDER, ORDER), (body, b""), (body, b"mil")]
    {
        for how in [Leaves::Closing, Leaves::Resetting, Leaves::HalfClosing] {
            let mut stream = shop.connect();
            stream.write_all(&[after, what].concat()).expect("it listens");
            assert!(soon(&shop, "in_flight 1\n"));
            let kept = leave(stream, how);
            let what = String::from_utf8_lossy(what);
            assert!(soon(&shop, "in_flight 0\n"), "still brewing after {what:?}, {how:?}");
            assert_eq!(kept.map(|mut stream| rest(&mut stream)).unwrap_or_default(), "");
        }
    }
}

/// Complete answers in what a client has received.
fn whole_answers(received: &[u8]) -> u64 {
    let (mut rest, mut whole) = (received, 0);
    while let Some(end) = rest.windows(4).position(|four| four == b"\r\n\r\n") {
        let head = String::from_utf8_lossy(&rest[..end]).to_lowercase();
        let length =
            head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        let length: usize = length.expect("an answer says its length");
        if rest.len() < end + 4 + length {
            break;
        }
        rest = &rest[end + 4 + length..];
        whole += 1;
    }
    whole
}

#[test]
fn an_answer_that_is_not_written_is_not_counted_as_served() {
    let shop = Shop::open(&["--action-seconds", "0.01", "--write-wait", "1", "--capacity", "1000"]);
    let mut deaf = shop.connect();
    let order = b"GET /serve-customer/1000 HTTP/1.1\r\nHost: localhost\r\n\
                  Accept: application/json\r\n\r\n";
    deaf.write_all(&order.repeat(20)).expect("it listens");
    assert!(soon(&shop, "in_flight 1000\n"));
    assert!(soon(&shop, "in_flight 0\n"), "the answers are cut");
    let mut received = Vec::new();
    let _ = deaf.read_to_end(&mut received);
    let metrics = shop.get("/metrics");
    let figure = |name: &str| -> u64 {
        let name = format!("coffee_shop_customers_{name} ");
        let line = metrics.lines().find_map(|line| line.strip_prefix(&name));
        line.unwrap_or_else(|| panic!("no {name} in {metrics}")).parse().expect("a number")
    };
    let (asked, served) = (figure("asked_total"), figure("served_total"));
    println!("asked {asked}, served {served}, whole answers {}", whole_answers(&received));
    assert!(served <= whole_answers(&received) * 1000, "{served}: {}", received.len());
    assert_eq!(served + figure("undelivered_total"), asked);
    assert!(figure("undelivered_total") >= 1000);
}

/// Orders that wait or brew, and browsers that watch, until all connections are taken that they can
/// have.
fn crowd(shop: &Shop, viewers: usize, orders: usize, customers: usize) -> Vec<TcpStream> {
    let mut streams: Vec<_> = (0..viewers + orders).map(|_| shop.connect()).collect();
    for (index, stream) in streams.iter_mut().enumerate() {
        let path = match index < viewers {
            true => "/events".to_owned(),
            false => format!("/serve-customer/{customers}"),
        };
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("it listens");
    }
    streams
}

fn slowest_probe(shop: &Shop) -> Duration {
    let probe = |path: &str| {
        let began = Instant::now();
        let answer = shop.get(path);
        assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
        began.elapsed()
    };
    let paths = ["/healthz", "/readyz", "/metrics"];
    (0..5).flat_map(|_| paths.map(probe)).max().expect("some")
}

#[test]
fn viewers_and_waiting_orders_leave_connections_for_probes() {
    for (flags, viewers, orders, customers) in [
        (&["--max-connections", "20", "--capacity", "10"][..], 12, 30, 10),
        (&["--max-connections", "20", "--capacity", "1000"], 0, 60, 1),
        (&["--max-connections", "3", "--capacity", "10"], 5, 5, 10),
        (&["--memory-limit", "10485760"], 40, 80, 1),
        (&["--memory-limit", "10485760", "--capacity", "10"], 40, 80, 10),
    ] {
        let flags = [flags, &["--max-wait", "20", "--action-seconds", "4"]].concat();
        let shop = Shop::open(&flags);
        let crowd = crowd(&shop, viewers, orders, customers);
        let slowest = slowest_probe(&shop);
        println!("{flags:?}: the slowest probe took {slowest:?}");
        assert!(slowest < Duration::from_secs(1), "{flags:?}: {slowest:?}");
        drop(crowd);
    }
}

#[test]
fn idle_connections_at_the_bound_give_way_to_a_newcomer() {
    let shop = Shop::open(&["--action-seconds", "0.01", "--max-connections", "4"]);
    let mut idle: Vec<_> = (0..4).map(|_| shop.connect()).collect();
    for stream in &mut idle {
        stream.write_all(ORDER).expect("it listens");
        let mut status = [0; 12];
        stream.read_exact(&mut status).expect("an answer");
        assert_eq!(&status, b"HTTP/1.1 200");
    }
    pause();
    for newcomers in 1..=8 {
        let began = Instant::now();
        assert!(shop.get("/serve-customer").starts_with("HTTP/1.1 200"));
        let took = began.elapsed();
        println!("newcomer {newcomers} took {took:?}");
        assert!(took < Duration::from_secs(2), "{took:?}");
    }
    drop(idle);
}

/// Sends the request and reads the answer to its end.
fn answer_to(shop: &Shop, before: &[u8], request: &[u8]) -> String {
    let mut stream = shop.connect();
    stream.write_all(before).expect("it listens");
    if !before.is_empty() {
        let mut byte = [0];
        stream.read_exact(&mut byte).expect("the first request is answered");
    }
    let _ = stream.write_all(request);
    rest(&mut stream)
}

#[test]
fn each_refusal_has_words() {
    let flags = ["--action-seconds", "0.01", "--request-wait", "1", "--capacity", "10"];
    let shop = Shop::open(&flags);
    let host = "Host: localhost\r\n";
    let close = "Connection: close\r\n";
    let many = "X: y\r\n".repeat(100);
    let long = format!("Cookie: {}\r\n", "c".repeat(70_000));
    for (status, words, request) in [
        ("400", "not an HTTP request", "\0\u{1}\r\n\r\n".to_owned()),
        ("400", "not an HTTP request", "BREW pot-1 HTCPCP/1.0\r\n\r\n".to_owned()),
        ("431", "64 headers", format!("GET / HTTP/1.1\r\n{host}{many}\r\n")),
        ("431", "bytes", format!("GET /healthz HTTP/1.1\r\n{host}{long}\r\n")),
        ("408", "did not arrive", "GET /healthz HTTP/1.1\r\nHost: lo".to_owned()),
        ("404", "try /serve-customer/3", format!("GET /tea HTTP/1.1\r\n{host}{close}\r\n")),
        ("405", "order with GET", format!("PUT /serve-customer HTTP/1.1\r\n{host}{close}\r\n")),
        ("405", "GET", format!("POST /healthz HTTP/1.1\r\n{host}{close}\r\n")),
        (
            "413",
            "bytes",
            format!("POST /serve-customer HTTP/1.1\r\n{host}Content-Length: 9999999999\r\n\r\n"),
        ),
        (
            "422",
            "its --capacity is 10",
            format!("GET /serve-customer/11 HTTP/1.1\r\n{host}{close}\r\n"),
        ),
        ("400", "Host", format!("GET /healthz HTTP/1.1\r\n{close}\r\n")),
        ("400", "Host", format!("GET /healthz HTTP/1.1\r\n{host}{host}{close}\r\n")),
        ("400", "Host", format!("GET /healthz HTTP/1.1\r\nHost: a b\r\n{close}\r\n")),
        ("400", "Host", format!("GET /healthz HTTP/1.1\r\nHost: me@localhost\r\n{close}\r\n")),
        (
            "400",
            "chunked",
            format!(
                "GET /healthz HTTP/1.1\r\n{host}Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"
            ),
        ),
        (
            "501",
            "gzip",
            format!(
                "GET /healthz HTTP/1.1\r\n{host}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"
            ),
        ),
    ] {
        let first = format!("GET /healthz HTTP/1.1\r\n{host}\r\n");
        for before in ["", &first] {
            let answer = answer_to(&shop, before.as_bytes(), request.as_bytes());
            let answer = answer.rsplit_once("HTTP/1.1 ").map(|(_, last)| last).unwrap_or_default();
            let request = &request[..request.len().min(60)];
            assert!(answer.starts_with(status), "{request:?} {before:?}: {answer}");
            let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
            assert!(body.contains(words) && body.ends_with('\n'), "{request:?} {before:?}: {body}");
            assert!(
                head.contains(&format!("content-length: {}\r", body.len()))
                    || head.ends_with(&format!("content-length: {}", body.len())),
                "{head}"
            );
            assert!(head.to_lowercase().contains("content-type: text/plain"), "{head}");
        }
    }
}

#[test]
fn a_head_of_32_kilobytes_fits() {
    let shop = Shop::open(&["--action-seconds", "0.01"]);
    let cookie = "c".repeat(32_000);
    let request = format!(
        "GET /serve-customer HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
    );
    let answer = answer_to(&shop, b"", request.as_bytes());
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[test]
fn a_newcomer_beyond_the_bound_is_told_so_in_the_end() {
    let flags = ["--action-seconds", "600", "--max-connections", "2", "--max-wait", "1"];
    let shop = Shop::open(&flags);
    let busy: Vec<_> = [ORDER, b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n"]
        .map(|request| {
            let mut stream = shop.connect();
            stream.write_all(request).expect("it listens");
            stream
        })
        .into();
    pause();
    let began = Instant::now();
    let answer = shop.get("/serve-customer");
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    assert!(answer.to_lowercase().contains("retry-after: "), "{answer}");
    assert!(answer.contains("connection"), "{answer}");
    assert!(began.elapsed() < SOON);
    drop(busy);
}

/// What the kernel keeps of answers that no client has read yet, for one connection, in bytes.
#[cfg(target_os = "linux")]
fn unread_bytes(port: u16) -> Vec<u64> {
    let table = std::fs::read_to_string("/proc/net/tcp").expect("the kernel's table");
    let local = format!(":{port:04X}");
    let sockets = table.lines().skip(1).filter_map(|line| {
        let fields: Vec<_> = line.split_whitespace().collect();
        let (sending, _) = fields[4].split_once(':')?;
        fields[1].ends_with(&local).then(|| u64::from_str_radix(sending, 16).expect("a number"))
    });
    sockets.collect()
}

#[cfg(target_os = "linux")]
#[test]
fn answers_that_are_never_read_take_little_of_the_kernels_memory() {
    let shop = Shop::open(&["--write-wait", "60"]);
    let request = b"GET /live/page.js HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let deaf: Vec<_> = (0..50)
        .map(|_| {
            let mut stream = shop.connect();
            socket2::SockRef::from(&stream).set_recv_buffer_size(4096).expect("a size");
            stream.set_write_timeout(Some(Duration::from_millis(200))).expect("a timeout");
            let _ = stream.write_all(&request.repeat(2_000));
            stream
        })
        .collect();
    pause();
    let unread = unread_bytes(shop.port);
    let (sum, most) = (unread.iter().sum::<u64>(), unread.iter().max().copied().unwrap_or(0));
    println!("{} sockets hold {sum} bytes, one at most {most}", unread.len());
    assert!(most > 0, "so the attack is one");
    assert!(most <= 64 * 1024, "{most}");
    drop(deaf);
}

/// Full, and never read: what writes there waits for ever.
#[cfg(unix)]
fn blocked_pipe() -> (std::os::unix::net::UnixStream, std::process::Stdio) {
    let (unread, mut full) = std::os::unix::net::UnixStream::pair().expect("a pair");
    full.set_nonblocking(true).expect("a mode");
    while full.write(&[b'x'; 4096]).is_ok() {}
    while full.write(b"x").is_ok() {}
    full.set_nonblocking(false).expect("a mode");
    (unread, std::os::fd::OwnedFd::from(full).into())
}

#[cfg(unix)]
#[test]
fn a_log_that_blocks_keeps_the_shop_from_nothing() {
    for (signals, code) in [(1, Some(0)), (2, None)] {
        let (unread, full) = blocked_pipe();
        let action = if signals == 1 { "0.01" } else { "600" };
        let mut shop = Shop::open_unheard(&["--action-seconds", action], full);
        if signals == 1 {
            assert!(shop.get("/serve-customer/3").starts_with("HTTP/1.1 200"));
        } else {
            shop.connect().write_all(ORDER).expect("it listens");
        }
        shop.signal("-TERM");
        if signals == 2 {
            pause();
            shop.signal("-TERM");
        }
        let began = Instant::now();
        let ended = shop.exit_code(SOON * 2);
        println!("{signals} signals: exit code {ended:?} after {:?}", began.elapsed());
        assert!(ended.is_some(), "it did not end in {:?}", SOON * 2);
        if code.is_some() {
            assert_eq!(ended, code);
        }
        drop(unread);
    }
}
