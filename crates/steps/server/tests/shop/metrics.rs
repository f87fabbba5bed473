use server::Front;

use crate::support::{ask, ask_for, count, order, orders, settle, shop_for_ten};

async fn figure(shop: &Front, name: &str) -> f64 {
    let text = ask(shop.router(), "/metrics").await.text;
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("no {name} in\n{text}")).parse().expect("a number")
}

#[tokio::test(start_paused = true)]
async fn the_metrics_agree_with_what_was_served() {
    let shop = shop_for_ten();
    order(&shop, 3).await;
    let left = orders(&shop, 2);
    settle().await;
    left.abort();
    settle().await;
    let (brewing, waiting) = (orders(&shop, 9), orders(&shop, 4));
    let queued = orders(&shop, 1);
    settle().await;
    assert_eq!(order(&shop, 5).await.status, 503);

    for (name, expected) in [
        ("coffee_shop_customers_asked_total", 24.0),
        ("coffee_shop_customers_served_total", 3.0),
        ("coffee_shop_customers_abandoned_total", 2.0),
        ("coffee_shop_customers_in_flight", 9.0),
        ("coffee_shop_customers_waiting", 5.0),
        ("coffee_shop_customers_shed_total", 5.0),
        ("coffee_shop_order_duration_seconds_count", 1.0),
        ("coffee_shop_order_duration_seconds_sum", 2.0),
        (r#"coffee_shop_order_duration_seconds_bucket{le="1.0"}"#, 0.0),
        (r#"coffee_shop_order_duration_seconds_bucket{le="2.0"}"#, 1.0),
        ("tokio_workers", 1.0),
    ] {
        assert_eq!(figure(&shop, name).await, expected, "{name}");
    }
    assert!(figure(&shop, "tokio_alive_tasks").await > 9.0);
    for order in [brewing, waiting, queued] {
        assert_eq!(order.await.expect("no panic").status, 200);
    }
    assert_eq!((count(&shop).served, count(&shop).waiting, count(&shop).in_flight), (17, 0, 0));
}

#[tokio::test(start_paused = true)]
async fn the_text_is_what_prometheus_reads() {
    let prometheus = "application/openmetrics-text;version=1.0.0;q=0.5,\
                      application/openmetrics-text;version=0.0.1;q=0.4,\
                      text/plain;version=1.0.0;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1";
    for (accept, kind, open) in [
        ("", "text/plain; version=0.0.4; charset=utf-8", false),
        ("*/*", "text/plain; version=0.0.4; charset=utf-8", false),
        ("text/plain;version=0.0.4", "text/plain; version=0.0.4; charset=utf-8", false),
        (prometheus, "application/openmetrics-text; version=1.0.0; charset=utf-8", true),
    ] {
        let metrics = ask_for(shop_for_ten().router(), "/metrics", accept).await;
        assert_eq!(metrics.headers["content-type"], kind, "{accept}");
        assert_eq!(metrics.headers["vary"], "accept");
        let text = metrics.text;
        assert_eq!(text.ends_with("# EOF\n"), open, "{text}");
        assert_eq!(text.contains("# UNIT "), open, "{text}");
        assert!(text.contains("\ntokio_busy_seconds_total "), "{text}");
        let counter = "# TYPE coffee_shop_customers_served";
        let counter = counter.to_owned() + if open { " counter\n" } else { "_total counter\n" };
        assert!(text.contains(&counter), "{text}");
    }
}
