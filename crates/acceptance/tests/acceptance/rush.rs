//! The load client as a process, against a real shop and against what is no shop.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use regex_lite::Regex;
use serde_json::Value;

use crate::support::{Ran, Shop, run};

fn rush(address: &str, args: &[&str]) -> Ran {
    run("rush", &[&[address], args].concat())
}

fn matches(text: &str, pattern: &str) {
    let regex = Regex::new(pattern).expect("a valid pattern");
    assert!(regex.is_match(text), "{pattern}:\n{text}");
}

fn number(text: &str, pattern: &str) -> f64 {
    let regex = Regex::new(pattern).expect("a valid pattern");
    let found = regex.captures(text).unwrap_or_else(|| panic!("{pattern}:\n{text}"));
    found[1].parse().expect("a number")
}

/// Answers connections one by one, each with the next of these functions, the last one for ever;
/// returns its URL.
fn stand_in(mut answers: Vec<fn(TcpStream)>) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let answer = if answers.len() > 1 { answers.remove(0) } else { answers[0] };
            thread::spawn(move || {
                let mut head = [0; 1024];
                if stream.read(&mut head).is_ok_and(|read| read > 0) {
                    answer(stream);
                }
            });
        }
    });
    format!("http://127.0.0.1:{port}")
}

fn say(mut stream: TcpStream, answer: &str) {
    let _ = stream.write_all(answer.as_bytes());
}

fn coffee(stream: TcpStream) {
    let head = "HTTP/1.1 200 OK\r\nCoffee-Shop: step 6\r\nContent-Length: 0";
    say(stream, &format!("{head}\r\nConnection: close\r\n\r\n"));
}

const LOST: &str = "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n";
const LATE: &str = "HTTP/1.1 504 Gateway Timeout\r\nContent-Length: 0\r\n\r\n";
const UNKNOWN: &str = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
const EMPTY: &str =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
const TOO_FEW: &str =
    "HTTP/1.1 400 Bad Request\r\nCoffee-Shop: step 6\r\nContent-Length: 0\r\n\r\n";

const PAGE: &str = "HTTP/1.1 200 OK\r\nContent-Length: 13\r\nConnection: close\r\n\r\n\
                    <html>\x1b[2Jhi\n";

fn die(stream: TcpStream) {
    drop(stream);
}

#[test]
fn a_ladder_has_a_row_for_each_order_with_its_status_and_time() {
    let shop = Shop::open_server(&["--action-seconds", "0.1", "--capacity", "50"]);
    let ran = rush(&format!("http://localhost:{}", shop.port), &["3", "30", "300"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    let rows = "^ customers  status          time\n         3  200         0\\.\\d{3} s\n        30  200         \
                0\\.\\d{3} s\n       300  422         0\\.\\d{3} s\n            So many customers never fit";
    matches(&ran.stdout, rows);
    assert!(!ran.stdout.contains('\x1b'));
    assert!(ran.stdout.lines().all(|line| line.chars().count() <= 80), "{}", ran.stdout);
}

#[test]
fn many_orders_at_once_give_throughput_percentiles_and_statuses() {
    let shop =
        Shop::open_server(&["--action-seconds", "0.1", "--capacity", "30", "--max-wait", "0"]);
    let address = format!("http://localhost:{}", shop.port);
    let ran = rush(&address, &["--requests", "40", "--concurrency", "20", "--customers", "3"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    matches(&ran.stdout, "(?m)^orders +40 of 40 ended, up to 20 at a time, each for 3 customers$");
    matches(&ran.stdout, r"(?m)^statuses +200: \d+, 503: \d+$");
    matches(&ran.stdout, r"(?m)^customers +\d+ served$");
    matches(&ran.stdout, r"(?m)^throughput +[0-9.]+ orders a second, [0-9.]+ customers a second$");
    let times = r"(?m)^times +p50 0\.\d{3} s  p90 0\.\d{3} s  p99 0\.\d{3} s  p99\.9 0\.\d{3} s  max 0\.\d{3} s$";
    matches(&ran.stdout, times);
    assert!(ran.stdout.lines().all(|line| line.chars().count() <= 80), "{}", ran.stdout);
}

#[test]
fn a_shop_that_dies_is_reported_and_waited_for() {
    let ran = rush(&stand_in(vec![coffee, die, die, die, coffee]), &["3", "30", "300"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    let rows = "         3  200 .*\n        30  died .*\n +the shop died of this order\n +it was back \
                after 0\\.\\d{3} s\n       300  200 ";
    matches(&ran.stdout, rows);
}

#[test]
fn a_shop_that_does_not_come_back_is_waited_for_no_longer_than_asked() {
    let ran = rush(&stand_in(vec![coffee, die]), &["3", "30", "--back-within", "0.3"]);
    assert_eq!(ran.code, Some(1));
    matches(&ran.stdout, "        30  died ");
    let sentence = "error: the shop did not come back within 0.3 s. Look at its log, or wait longer \
                    with --back-within\n";
    assert_eq!(ran.stderr, sentence);
}

#[test]
fn a_shop_lost_behind_a_proxy_has_died_and_a_proxy_alone_is_not_a_shop_that_is_back() {
    let lost: fn(TcpStream) = |stream| say(stream, LOST);
    let unknown: fn(TcpStream) = |stream| say(stream, UNKNOWN);
    let empty: fn(TcpStream) = |stream| say(stream, EMPTY);
    let too_few: fn(TcpStream) = |stream| say(stream, TOO_FEW);
    let ran = rush(&stand_in(vec![lost, unknown, empty, lost, too_few]), &["3"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    matches(&ran.stdout, "         3  died .*\n.*\n +it was back after 0\\.\\d{3} s\n");
    let ran = rush(&stand_in(vec![lost, unknown]), &["3", "--back-within", "0.3"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
}

#[test]
fn a_gateway_that_waited_too_long_is_no_death() {
    let late: fn(TcpStream) = |stream| say(stream, LATE);
    let ran = rush(&stand_in(vec![coffee, late, coffee]), &["3", "30", "3"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    matches(&ran.stdout, "(?m)^        30  504 +\\d+\\.\\d{3} s\n         3  200 ");
}

/// Such as an ingress that is without its route for a moment.
#[test]
fn one_odd_answer_among_many_orders_is_counted_as_what_it_is() {
    let unknown: fn(TcpStream) = |stream| say(stream, UNKNOWN);
    // The first connection only asks whether a program listens.
    let address = stand_in(vec![coffee, coffee, unknown, coffee]);
    let ran = rush(&address, &["--requests", "5", "--concurrency", "1"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    matches(&ran.stdout, "(?m)^statuses +200: 4, 404: 1$");
}

/// A page with status 200 is not a shop's refusal: orders that got it were not served.
#[test]
fn garbage_among_many_orders_is_counted_and_an_error() {
    let page: fn(TcpStream) = |stream| say(stream, PAGE);
    let address = stand_in(vec![coffee, coffee, page, coffee]);
    let ran = rush(&address, &["--requests", "5", "--concurrency", "1"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    matches(&ran.stdout, "(?m)^statuses +200: 4, 200 of another service: 1$");
    matches(&ran.stdout, "(?m)^customers +12 served$");
    let sentence = "error: 1 of 5 answers did not come from a coffee shop. Look at the statuses, \
                    and at what is between here and the shop\n";
    assert_eq!(ran.stderr, sentence);
}

/// A refusal is shown, and must neither command the terminal nor turn its text around.
#[test]
fn control_and_bidi_characters_of_a_server_are_not_printed() {
    let refusal: fn(TcpStream) = |stream| {
        let body = "\x1b]0;mine\x07full\u{202e}ecivres\u{2066}\u{9b}31m\u{200b}.\n";
        let head = "HTTP/1.1 503 Service Unavailable\r\nCoffee-Shop: step 6\r\nConnection: close";
        say(stream, &format!("{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len()));
    };
    let ran = rush(&stand_in(vec![refusal]), &["3"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    matches(&ran.stdout, r"(?m)^            \]0;minefullecivres31m\.$");
    let odd = |c: &char| c.is_control() && *c != '\n' || !c.is_ascii();
    assert_eq!(ran.stdout.chars().find(odd), None, "{:?}", ran.stdout);
}

/// A shop of one place at a time cannot serve ten a second: in an open loop the wait is seen.
#[test]
fn at_a_rate_an_order_is_timed_from_when_it_was_due() {
    let shop = Shop::open_server(&["--action-seconds", "0.2", "--capacity", "3"]);
    let address = format!("http://localhost:{}", shop.port);
    let args = ["--requests", "10", "--rate", "10", "--concurrency", "10"];
    let ran = rush(&address, &args);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    matches(&ran.stdout, "(?m)^orders +10 of 10 ended, 10 due a second, each for 3 customers$");
    assert!(number(&ran.stdout, r"(?m)max (\d+\.\d+) s$") >= 1.0, "{}", ran.stdout);
    let ran = rush(&address, &["--rate", "2", "--duration", "0.9"]);
    matches(&ran.stdout, "(?m)^orders +2 ended, 2 due a second, each for 3 customers$");
}

#[test]
fn json_has_the_same_in_numbers() {
    let shop = Shop::open_server(&["--action-seconds", "0.1", "--capacity", "30"]);
    let address = format!("http://localhost:{}", shop.port);
    let crowd = rush(&address, &["--requests", "4", "--json"]);
    assert_eq!((crowd.code, crowd.stderr.as_str()), (Some(0), ""));
    let crowd: Value = serde_json::from_str(&crowd.stdout).expect("one object");
    assert_eq!((&crowd["requests"], &crowd["ends"]["200"]), (&4.into(), &4.into()));
    for quantile in ["min", "p50", "p90", "p99", "p99.9", "max"] {
        let micros = crowd["latency_us"][quantile].as_u64().expect(quantile);
        assert!((100_000..60_000_000).contains(&micros), "{crowd}");
    }
    let ladder = rush(&address, &["3", "40", "--json"]);
    let ladder: Vec<Value> =
        ladder.stdout.lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
    let seen: Vec<_> = ladder.iter().map(|order| (&order["customers"], &order["status"])).collect();
    assert_eq!(seen, [(&3.into(), &200.into()), (&40.into(), &422.into())]);
}

#[test]
fn a_shop_that_is_full_is_not_asked_again_in_the_same_instant() {
    let full: fn(TcpStream) = |stream| say(stream, EMPTY);
    let ran = rush(&stand_in(vec![full]), &["--requests", "11", "--concurrency", "1"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    matches(&ran.stdout, "(?m)^statuses +503: 11$");
    assert!(number(&ran.stdout, r"(?m)^took +(\d+\.\d{3}) s$") >= 0.2, "{}", ran.stdout);
}

#[test]
fn what_is_no_coffee_shop_is_named_and_a_redirect_is_not_followed() {
    let page: fn(TcpStream) = |stream| say(stream, PAGE);
    let moved: fn(TcpStream) = |stream| {
        let head =
            "HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n";
        say(stream, head);
    };
    let banner: fn(TcpStream) = |stream| say(stream, "SSH-2.0-something\r\n");
    let endless: fn(TcpStream) = |mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nTook ");
        while stream.write_all(&[b'x'; 4096]).is_ok() {}
    };
    for (answer, sentence) in [
        (
            page,
            "is no coffee shop: it said 200 to /serve-customer, \"<html>[2Jhi\", without the header of a shop. Look at",
        ),
        (
            moved,
            "is no coffee shop: it said 301 to /serve-customer, without the header of a shop. Look at the address",
        ),
        (banner, "is no coffee shop: what answered does not speak HTTP. Look at the address"),
        (
            endless,
            "is no coffee shop: the answer is longer than 1048 kB, or endless. Look at the address",
        ),
    ] {
        for args in [&["3"][..], &["--requests", "3"]] {
            let ran = rush(&stand_in(vec![answer]), args);
            let many = args.len() > 1;
            if many && !sentence.contains("/serve-customer") {
                // Among many orders it is counted, and no success.
                matches(&ran.stdout, "(?m)^statuses +(not HTTP|too long): 3$");
                let sentence = "error: 3 of 3 answers did not come from a coffee shop. Look at";
                assert_eq!(ran.code, Some(1), "{}", ran.stderr);
                assert!(ran.stderr.starts_with(sentence), "{}", ran.stderr);
                continue;
            }
            assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""), "{}", ran.stderr);
            assert!(ran.stderr.contains(sentence), "{}", ran.stderr);
        }
    }
}

#[test]
fn an_address_without_a_shop_is_one_sentence() {
    let free = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let address = format!("http://127.0.0.1:{}", free.local_addr().expect("an address").port());
    drop(free);
    for (address, sentence) in [
        (
            address.as_str(),
            "the connection was refused. Open one: cargo run --release --example step6",
        ),
        ("http://no-such-host.invalid", "the host cannot be reached: "),
    ] {
        for args in [&["3"][..], &["--requests", "3"]] {
            let ran = rush(address, &[args, &["--timeout", "20"]].concat());
            assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
            assert!(ran.stderr.starts_with("error: no shop can be reached at "), "{}", ran.stderr);
            assert!(ran.stderr.contains(sentence), "{}", ran.stderr);
            assert_eq!(ran.stderr.lines().count(), 1);
        }
    }
}

#[test]
fn silence_ends_with_the_timeout_and_everything_with_the_time_limit() {
    let silent: fn(TcpStream) = |mut stream| {
        let _ = stream.read(&mut [0]);
    };
    let address = stand_in(vec![silent]);
    let ran = rush(&address, &["3", "--timeout", "0.3"]);
    assert_eq!(ran.code, Some(0));
    assert!(number(&ran.stdout, r"         3  timed out +(\d+\.\d{3}) s") >= 0.3, "{}", ran.stdout);
    for args in [&["3"][..], &["--requests", "3"]] {
        let ran = rush(&address, &[args, &["--time-limit", "0.3"]].concat());
        assert_eq!(ran.code, Some(1));
        assert_eq!(ran.stderr, "error: stopped at the --time-limit of 0.3 s. Try a longer one\n");
    }
}

#[test]
fn wrong_arguments_are_usage_errors() {
    for (args, sentence) in [
        (&[][..], "<URL>"),
        (&["localhost:8080"], "the scheme is missing; try http://localhost:8080"),
        (&["https://shop.example"], "rush speaks http only, without encryption"),
        (&["nonsense"], "the scheme is missing; try http://nonsense"),
        (&["http://localhost:8080/serve-customer/3"], "rush adds the path itself"),
        (&["http://localhost:8080", "0"], "0 is not in 1..=4294967295"),
        (&["http://localhost:8080", "99999999999"], "99999999999 is not in 1..=4294967295"),
        (&["http://localhost:8080", "--requests", "0"], "0 is not in 1..=1000000000"),
    ] {
        let ran = run("rush", args);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{args:?}");
        assert!(ran.stderr.contains(sentence), "{args:?}: {}", ran.stderr);
    }
}

/// Also: no proxy is asked, whatever the environment says.
#[test]
#[cfg(unix)]
fn an_interrupt_prints_what_there_is() {
    use crate::support::{Running, example};
    let shop = Shop::open_server(&["--action-seconds", "0.2"]);
    let address = format!("http://localhost:{}", shop.port);
    let args = [&address, "--requests", "100000", "--concurrency", "10"];
    let mut command = example("rush", &args);
    for proxy in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
        command.env(proxy, "http://127.0.0.1:1");
    }
    let running = Running::start(command);
    while shop.get("/metrics").contains("coffee_shop_customers_served_total 0\n") {}
    running.interrupt();
    let (code, said) = running.ended();
    assert_eq!(code, Some(130), "{said}");
    matches(&said, r"^orders +\d+ of 100,000 ended");
    matches(&said, r"(?m)^statuses +200: \d+$");
}

/// The system answers no further connection: a client that connects waits.
#[cfg(target_os = "linux")]
mod a_shop_that_accepts_no_connection {
    use std::fs;
    use std::net::SocketAddr;
    use std::process::{Command, Stdio};
    use std::time::Duration;

    use super::*;
    use crate::support::example;

    struct Queue {
        address: SocketAddr,
        _listener: TcpListener,
        _waiting: Vec<TcpStream>,
    }

    impl Queue {
        /// A full queue, from which no connection is accepted.
        fn full() -> Self {
            let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
            let address = listener.local_addr().expect("an address");
            let connect = || TcpStream::connect_timeout(&address, Duration::from_millis(300)).ok();
            let waiting: Vec<_> = std::iter::from_fn(connect).take(5_000).collect();
            assert!(waiting.len() < 5_000, "the queue has an end");
            Self { address, _listener: listener, _waiting: waiting }
        }
    }

    #[test]
    fn is_not_waited_for_longer_than_the_time_limit() {
        let queue = Queue::full();
        let args = ["--requests", "3", "--timeout", "5", "--time-limit", "0.5"];
        let ran = rush(&format!("http://{}", queue.address), &args);
        assert_eq!(ran.code, Some(1));
        assert_eq!(ran.stderr, "error: stopped at the --time-limit of 0.5 s. Try a longer one\n");
        matches(&ran.stdout, "^orders +0 of 3 ended");
    }

    #[test]
    fn is_not_waited_for_after_ctrl_c() {
        let queue = Queue::full();
        let address = format!("http://{}", queue.address);
        let mut command = example("rush", &[&address, "--requests", "3", "--timeout", "5"]);
        let mut running = command.stdout(Stdio::piped()).spawn().expect("it starts");
        let pid = running.id().to_string();
        while !listens_for_ctrl_c(&pid) {
            assert!(running.try_wait().expect("it is our child").is_none(), "it ended by itself");
        }
        let sent = Command::new("kill").args(["-INT", &pid]).status();
        assert!(sent.expect("kill runs").success());
        let output = running.wait_with_output().expect("it ends");
        let said = String::from_utf8(output.stdout).expect("UTF-8");
        assert_eq!(output.status.code(), Some(130), "{said}");
        matches(&said, "^orders +0 of 3 ended");
    }

    fn listens_for_ctrl_c(pid: &str) -> bool {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("it runs");
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
        let caught = u64::from_str_radix(caught.expect("Linux says it").trim(), 16);
        caught.expect("a mask") & (1 << (2 - 1)) != 0 // SIGINT is number 2
    }
}
