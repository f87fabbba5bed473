use std::collections::BTreeMap;
use std::io::ErrorKind::{TimedOut, WouldBlock};
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use tokio::time::Instant;

use crate::wait::{PATIENCE, beside, pause};

/// How many requests got which status; no status means that the connection ended without one.
pub(crate) type Statuses = BTreeMap<Option<u16>, usize>;

/// Status, text and time of an answer. No status means that there was none.
pub(crate) fn get(port: u16, path: &str) -> (Option<u16>, String, Duration) {
    let began = Instant::now();
    let answer = match get_of(port, "localhost", path, PATIENCE) {
        Err(error) if matches!(error.kind(), WouldBlock | TimedOut) => {
            panic!("{path}: no answer and no end in {PATIENCE:?}")
        }
        answer => answer.unwrap_or_default(),
    };
    (status_of(&answer), answer, began.elapsed())
}

/// The status for a host within this time, if there is any.
pub(crate) fn status(port: u16, host: &str, path: &str, patience: Duration) -> Option<u16> {
    status_of(&get_of(port, host, path, patience).unwrap_or_default())
}

fn get_of(port: u16, host: &str, path: &str, patience: Duration) -> io::Result<String> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(patience))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8(answer).expect("UTF-8"))
}

fn status_of(answer: &str) -> Option<u16> {
    answer.split_whitespace().nth(1)?.parse().ok()
}

fn count(statuses: impl IntoIterator<Item = Option<u16>>) -> Statuses {
    let mut counts = Statuses::new();
    for status in statuses {
        *counts.entry(status).or_default() += 1;
    }
    counts
}

/// As many orders at once as there are clients.
pub(crate) fn at_once(port: u16, clients: usize, customers: u32) -> Statuses {
    let path = format!("/serve-customer/{customers}");
    thread::scope(|scope| {
        let order = |_| scope.spawn(|| get(port, &path).0);
        let orders: Vec<_> = (0..clients).map(order).collect();
        count(orders.into_iter().map(|order| order.join().expect("no panic")))
    })
}

/// Twenty clients that order for 300 customers again and again, while `meanwhile` runs.
pub(crate) fn under_load(port: u16, host: &str, meanwhile: impl FnOnce()) -> Statuses {
    let order_until = |over: &AtomicBool, number: u64| {
        // Or all of them would order in step.
        pause(Duration::from_millis(100 * number));
        let mut statuses = Vec::new();
        while !over.load(Ordering::Relaxed) {
            statuses.push(status(port, host, "/serve-customer/300", PATIENCE));
        }
        statuses
    };
    let clients = |over: &AtomicBool| {
        thread::scope(|scope| {
            let client = |number| scope.spawn(move || order_until(over, number));
            let clients: Vec<_> = (0..20).map(client).collect();
            count(clients.into_iter().flat_map(|client| client.join().expect("no panic")))
        })
    };
    beside(clients, meanwhile).0
}
