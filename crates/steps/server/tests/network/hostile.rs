use std::io::Write;
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use tokio::time::Instant;

use crate::support::{ORDER, PATIENCE, Shop, pause, rest};

/// Short coffees, and little patience with clients.
const QUICK: [&str; 6] = ["--action-seconds", "0.01", "--request-wait", "1", "--write-wait", "1"];

fn quick(more: &[&str]) -> Shop {
    Shop::open(&[&QUICK, more].concat())
}

fn assert_well(shop: &Shop) {
    let answer = shop.get("/serve-customer/3");
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
}

/// Writes until the other side has had enough.
fn pour(stream: &mut TcpStream, line: &[u8], times: usize) {
    for _ in 0..times {
        if stream.write_all(line).is_err() {
            return;
        }
    }
}

#[test]
fn endless_headers_are_refused_by_count_and_by_size() {
    let shop = quick(&[]);
    for line in [&b"X: y\r\n"[..], &[b'x'; 1000]] {
        let mut stream = shop.connect();
        stream.write_all(b"GET /serve-customer HTTP/1.1\r\n").expect("it listens");
        pour(&mut stream, line, 10_000);
        let _ = stream.write_all(b"\r\n\r\n");
        let answer = rest(&mut stream);
        // The refusal itself may be lost, when what came too much resets the connection.
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
        assert_well(&shop);
    }
}

#[test]
fn one_header_too_many_is_a_431_and_a_long_path_a_4xx() {
    let shop = quick(&[]);
    let headers = "X: y\r\n".repeat(65);
    for head in [
        format!("GET / HTTP/1.1\r\n{headers}\r\n"),
        format!("GET /serve-customer/{} HTTP/1.1\r\n\r\n", "1".repeat(50_000)),
    ] {
        let mut stream = shop.connect();
        stream.write_all(head.as_bytes()).expect("it listens");
        let answer = rest(&mut stream);
        assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
    }
    assert_well(&shop);
}

#[test]
fn half_a_request_costs_its_slot_for_a_bounded_time() {
    let shop = quick(&["--max-connections", "1"]);
    for half in [&b""[..], b"G", b"GET /serve-cust", b"GET / HTTP/1.1\r\nHost: x\r\n"] {
        let mut stream = shop.connect();
        stream.write_all(half).expect("it listens");
        assert_well(&shop); // after a second, and on the only slot
        let answer = rest(&mut stream);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
    }
}

#[test]
fn slow_bytes_do_not_buy_more_time() {
    let shop = quick(&["--max-connections", "1"]);
    let mut slow = shop.connect();
    let drip = thread::spawn(move || {
        for byte in ORDER.iter().cycle().take(400) {
            if slow.write_all(&[*byte | 0x20]).is_err() {
                return true;
            }
            pause();
        }
        false
    });
    assert_well(&shop);
    assert!(drip.join().expect("no panic"), "it was sent away");
}

#[test]
fn a_client_that_never_reads_costs_its_slot_for_a_bounded_time() {
    let shop = quick(&["--max-connections", "1"]);
    let mut deaf = shop.connect();
    deaf.set_write_timeout(Some(Duration::from_secs(10))).expect("a timeout");
    let asks = thread::spawn(move || {
        pour(&mut deaf, b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", 100_000);
        deaf
    });
    assert_well(&shop);
    drop(asks.join().expect("no panic"));
}

/// Unread answers are memory, as customers are.
#[test]
fn a_client_that_orders_and_does_not_read_fills_the_shop_until_its_answers_are_cut() {
    let waits = ["--action-seconds", "0.01", "--write-wait", "3", "--max-wait", "0"];
    let shop = Shop::open(&[&waits[..], &["--capacity", "1000"]].concat());
    let mut deaf = shop.connect();
    let order = b"GET /serve-customer/1000 HTTP/1.1\r\nHost: localhost\r\n\
                  Accept: application/json\r\n\r\n";
    deaf.write_all(&order.repeat(200)).expect("it listens");
    let is_full = |_| {
        pause();
        shop.get("/serve-customer").starts_with("HTTP/1.1 503")
    };
    let stays_full = || (0..10).all(is_full);
    let began = Instant::now();
    while !stays_full() {
        assert!(began.elapsed() < PATIENCE, "the system takes 70 MB, or the permits come back");
    }
    shop.until_metrics("in_flight 0\n");
    assert_well(&shop);
    drop(deaf);
}

#[test]
fn two_thousand_idle_connections_leave_room_for_an_order() {
    let needed = 2_100;
    let allowed = rlimit::increase_nofile_limit(needed).expect("a limit");
    assert!(allowed >= needed, "this test needs {needed} descriptors: ulimit -n {needed}");
    let shop = Shop::open(&["--action-seconds", "0.01", "--request-wait", "60"]);
    assert!(shop.opened["connections"].as_u64() >= Some(2_001), "{}", shop.opened);
    let idle: Vec<_> = (0..2_000).map(|_| shop.connect()).collect();
    assert_well(&shop);
    drop(idle);
    assert_well(&shop);
}

#[test]
fn pipelined_requests_are_answered_in_turn() {
    let shop = quick(&[]);
    let mut stream = shop.connect();
    let requests = [1, 2, 3].map(|customers| {
        let close = if customers == 3 { "Connection: close\r\n" } else { "" };
        format!("GET /serve-customer/{customers} HTTP/1.1\r\nHost: localhost\r\n{close}\r\n")
    });
    stream.write_all(requests.concat().as_bytes()).expect("it listens");
    let answers = rest(&mut stream);
    let places = ["to 1 customer\n", "to 2 customers\n", "to 3 customers\n"]
        .map(|sentence| answers.find(sentence).unwrap_or_else(|| panic!("{sentence}: {answers}")));
    assert!(places.is_sorted(), "{answers}");
}

#[test]
fn nonsense_is_refused_with_a_sentence_and_the_shop_stays_well() {
    let shop = quick(&[]);
    for path in ["%", "%zz", "%ff", "%00", "%2", "1%", "%F0%28%8C%28", "-1", "1e3"] {
        let answer = shop.get(&format!("/serve-customer/{path}"));
        assert!(answer.starts_with("HTTP/1.1 400"), "{path}: {answer}");
        assert!(answer.contains("Ask for 1 to "), "{path}: {answer}");
    }
    for request in [&b"\0\xff\xfe\r\n\r\n"[..], b"BREW pot-1 HTCPCP/1.0\r\n\r\n"] {
        let mut stream = shop.connect();
        stream.write_all(request).expect("it listens");
        assert!(rest(&mut stream).starts_with("HTTP/1.1 400"));
    }
    assert_well(&shop);
}

#[test]
fn a_client_that_hangs_up_makes_room() {
    let shop = Shop::open(&["--action-seconds", "600", "--capacity", "1", "--max-wait", "0"]);
    let mut stream = shop.connect();
    stream.write_all(ORDER).expect("it listens");
    shop.until_metrics("in_flight 1\n");
    assert!(shop.get("/serve-customer").starts_with("HTTP/1.1 503"));
    drop(stream);
    shop.until_metrics("in_flight 0\n");
    assert!(shop.get("/metrics").contains("coffee_shop_customers_abandoned_total 1\n"));
}
