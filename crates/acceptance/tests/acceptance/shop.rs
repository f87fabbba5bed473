//! An example as an open shop: what a client gets, what the terminal says, how it closes.

use crate::support::{Shop, assert_snapshot, masked};

#[test]
fn curl_gets_the_sentence_and_the_timeline() {
    let shop = Shop::open("step5", &["--action-seconds", "0.1"]);
    let answer = shop.get("/serve-customer/3");
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("Took 0.1 s to serve coffee to 3 customers"), "{answer}");
    assert!(answer.contains("customer 3  "), "{answer}");
}

#[test]
fn the_limit_is_the_one_of_the_flag() {
    let shop = Shop::open("step5", &["--max-customers", "5"]);
    let answer = shop.get("/serve-customer/6");
    assert!(answer.starts_with("HTTP/1.1 422 "), "{answer}");
    assert!(answer.contains("this shop's --max-customers is 5"), "{answer}");
}

#[test]
#[cfg(unix)]
fn the_terminal_tells_each_visit() {
    let shop = Shop::open("step2", &["--action-seconds", "0.1"]);
    shop.get("/serve-customer/1");
    shop.get("/serve-customer/2");
    shop.running.interrupt();
    let (code, said) = shop.running.ended();
    assert_eq!(code, Some(0));
    assert_snapshot(&masked(&said).replace(&shop.port.to_string(), "8080"), "step2-shop.txt");
}

#[test]
#[cfg(unix)]
fn closing_finishes_what_was_ordered() {
    let mut shop = Shop::open("step4", &["--action-seconds", "0.3"]);
    let order = shop.order("/serve-customer/3");
    shop.running.until("Coffee paid for");
    shop.running.interrupt();
    let answer = crate::support::answer(order);
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    let (code, said) = shop.running.ended();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("\nClosing. 3 coffees under way may take 1.9 s more. "), "{said}");
    assert!(said.ends_with("\nClosed: 3 coffees served, 0 lost.\n"), "{said}");
}

#[test]
#[cfg(unix)]
fn closing_past_its_bound_aborts_and_says_how_many() {
    // One order takes 0.3 s, so the bound is 1.3 s; thirty of them in turn take 9 s.
    let mut shop = Shop::open("step2", &["--action-seconds", "0.1"]);
    let _order = shop.order("/serve-customer/30");
    shop.running.until(" actions");
    shop.running.interrupt();
    let (code, said) = shop.running.ended();
    assert_eq!(code, Some(0), "{said}");
    let last = said.lines().last().unwrap_or_default();
    let lost = last.strip_suffix(" lost.").and_then(|last| last.split(' ').next_back());
    let lost: u32 = lost.and_then(|lost| lost.parse().ok()).expect("the last line counts them");
    assert!((10..30).contains(&lost), "{last}");
}

#[test]
#[cfg(unix)]
fn a_second_interrupt_ends_at_once() {
    let mut shop = Shop::open("step2", &["--action-seconds", "1"]);
    let _order = shop.order("/serve-customer/100");
    // The first tenth of the actions takes 30 s, so the answer to another order has to tell that
    // this one is under way.
    shop.get("/serve-customer/1");
    shop.running.interrupt();
    shop.running.until(" coffees under way may take 4.0 s more");
    shop.running.interrupt();
    let (code, said) = shop.running.ended();
    assert_eq!(code, Some(130), "{said}");
    assert!(said.contains(" of 100 lost. "), "{said}");
    assert!(!said.contains("Closed: "), "{said}");
}

#[test]
#[cfg(unix)]
fn closing_an_idle_shop_promises_nothing() {
    let shop = Shop::open("step2", &[]);
    shop.running.interrupt();
    let (code, said) = shop.running.ended();
    assert_eq!(code, Some(0), "{said}");
    let end = "\nClosing. Ctrl-C again ends at once.\nClosed: 0 coffees served, 0 lost.\n";
    assert!(said.ends_with(end), "{said}");
}

#[test]
#[cfg(unix)]
fn closing_promises_nothing_to_who_has_left() {
    let mut shop = Shop::open("step5", &["--action-seconds", "0.05,60,60"]);
    let order = shop.order("/serve-customer/3");
    shop.running.until("Coffee paid for");
    drop(order);
    shop.running.until("3 of 3 lost.");
    shop.running.interrupt();
    let (code, said) = shop.running.ended();
    assert_eq!(code, Some(0), "{said}");
    let end = "\nClosing. Ctrl-C again ends at once.\nClosed: 0 coffees served, 3 lost.\n";
    assert!(said.ends_with(end), "{said}");
}

#[test]
#[cfg(unix)]
fn closing_step_3_loses_what_nothing_waits_for() {
    let shop = Shop::open("step3", &["--action-seconds", "60"]);
    let answer = shop.get("/serve-customer/3");
    assert!(answer.contains("No coffee yet for 3 customers."), "{answer}");
    shop.running.interrupt();
    let (code, said) = shop.running.ended();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("3 coffees under way, and nothing waits for them."), "{said}");
    assert!(said.ends_with("\nClosed: 0 coffees served, 3 lost.\n"), "{said}");
}
