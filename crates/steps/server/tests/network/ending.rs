#![cfg(unix)]

use std::io::Write;

use crate::support::{ORDER, Shop, rest};

fn brewing(shop: &Shop) -> std::net::TcpStream {
    let mut stream = shop.connect();
    stream.write_all(ORDER).expect("it listens");
    shop.until_metrics("in_flight 1\n");
    stream
}

#[test]
fn sigterm_finishes_what_was_accepted_refuses_the_rest_and_exits_with_0() {
    for signal in ["-TERM", "-INT"] {
        let mut shop = Shop::open(&["--action-seconds", "2"]);
        let mut accepted = brewing(&shop);
        shop.signal(signal);
        shop.until("closing: no new requests");
        let refused = shop.get("/serve-customer");
        assert!(refused.starts_with("HTTP/1.1 503"), "{refused}");
        assert!(refused.contains("connection: close\r\n"), "{refused}");
        assert!(shop.get("/readyz").starts_with("HTTP/1.1 503"));
        assert!(rest(&mut accepted).starts_with("HTTP/1.1 200 OK"));
        let (code, last) = shop.ended();
        assert_eq!(code, Some(0));
        let counts = (&last["message"], &last["served"], &last["shed"], &last["abandoned"]);
        assert_eq!(counts, (&"closed".into(), &1.into(), &1.into(), &0.into()), "{last}");
    }
}

#[test]
fn what_the_grace_period_does_not_finish_is_abandoned_and_the_exit_code_says_so() {
    let shop = Shop::open(&["--action-seconds", "600", "--grace-period", "0.2"]);
    let mut stream = brewing(&shop);
    shop.signal("-TERM");
    assert_eq!(rest(&mut stream), "");
    let (code, last) = shop.ended();
    assert_eq!((code, &last["abandoned"]), (Some(1), &1.into()), "{last}");
}

#[test]
fn the_coffees_of_step_3_are_waited_for_and_counted_if_they_are_lost() {
    for (grace, code, served) in [("20", 0, 1), ("0", 1, 0)] {
        let action = if code == 0 { "0.2" } else { "600" };
        let args = ["--step", "spawned", "--action-seconds", action, "--grace-period", grace];
        let shop = Shop::open(&args);
        assert!(shop.get("/serve-customer").contains("No coffee yet"));
        shop.signal("-TERM");
        let (ended, last) = shop.ended();
        assert_eq!((ended, &last["served"]), (Some(code), &served.into()), "{last}");
        assert_eq!(last["abandoned"], 1 - served, "{last}");
    }
}

#[test]
fn a_client_that_left_before_does_not_count_as_abandoned_by_the_shop() {
    let shop = Shop::open(&["--action-seconds", "600"]);
    drop(brewing(&shop));
    shop.until_metrics("in_flight 0\n");
    shop.signal("-TERM");
    assert_eq!(shop.ended().0, Some(0));
}

#[test]
fn while_it_drains_it_serves_and_is_not_ready_and_a_second_signal_ends_it() {
    let args = ["--action-seconds", "0.01", "--drain-delay", "600"];
    let mut shop = Shop::open(&args);
    shop.signal("-TERM");
    shop.until("closing: not ready any more");
    assert!(shop.get("/readyz").starts_with("HTTP/1.1 503"));
    assert!(shop.get("/serve-customer/3").starts_with("HTTP/1.1 200"));
    shop.signal("-TERM");
    assert_eq!(shop.ended().0, Some(0), "none was abandoned");
}

#[test]
fn a_closed_log_costs_no_order() {
    let mut shop = Shop::open(&["--action-seconds", "1"]);
    shop.unread();
    let mut order = brewing(&shop);
    shop.signal("-TERM");
    let answer = rest(&mut order);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(shop.ended().0, Some(0));
}
