use std::io::{Read, Write};

use crate::support::{Shop, rest};

#[test]
fn the_live_page_is_there_and_can_be_left_out() {
    let shop = Shop::open(&["--action-seconds", "0.01", "--offer", "4,2,4,5"]);
    let page = shop.get("/");
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("<html"), "{page}");
    let shop = Shop::open(&["--action-seconds", "0.01", "--live-page", "false"]);
    for path in ["/", "/events"] {
        let answer = shop.get(path);
        assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
        assert!(answer.contains("try /serve-customer/3"), "{answer}");
    }
}

#[test]
fn a_browser_that_watches_sees_the_order_of_another_client() {
    let shop = Shop::open(&["--action-seconds", "0.01", "--offer", "4,2,4,5"]);
    let mut viewer = shop.connect();
    viewer.write_all(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("it listens");
    let mut seen = String::new();
    let mut until = |words: &str| {
        let mut buffer = [0; 4096];
        while !seen.contains(words) {
            let read = viewer.read(&mut buffer).expect("it goes on");
            assert!(read > 0, "no {words} in {seen}");
            seen.push_str(&String::from_utf8_lossy(&buffer[..read]));
        }
    };
    let steps = [(2, "sequential"), (4, "joined"), (5, "nested-joins")];
    for (number, name) in steps {
        until(&format!(r#""number":{number},"name":"{name}""#));
    }
    let answer = shop.get("/serve-customer/3?step=4");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    until(r#""step":4,"customers":3,"served":3"#);
}

#[cfg(unix)]
#[test]
fn a_browser_that_watches_does_not_keep_the_shop_open() {
    let shop = Shop::open(&["--action-seconds", "0.01", "--grace-period", "600"]);
    let mut viewer = shop.connect();
    viewer.write_all(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("it listens");
    let mut first = [0; 16];
    viewer.read_exact(&mut first).expect("the first frame");
    shop.signal("-TERM");
    rest(&mut viewer);
    let (code, last) = shop.ended();
    assert_eq!((code, &last["abandoned"]), (Some(0), &0.into()), "{last}");
}
