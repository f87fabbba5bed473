//! The text and the picture of a timeline. How they look in full is held by the snapshots of
//! `crates/acceptance`; here is what must hold of every one of them.

use std::time::Duration;

use coffee::{Durations, Ink, Keep, OrderLog, Panel, Shop, Timeline, draw_svg};
use roxmltree::Document;
use tokio::join;
use tokio::time::timeout;

/// Serves in turn, or each customer's actions at once.
async fn timeline(customers: u32, each: Duration, at_once: bool, stop: Duration) -> Timeline {
    let log = OrderLog::new(Keep::Everything);
    let shop = Shop::with_log(Durations::each(each), &log);
    let serve = async {
        for order in shop.orders(customers) {
            if at_once {
                join!(order.pay_for_coffee(), order.make_espresso(), order.steam_milk());
            } else {
                order.pay_for_coffee().await;
                order.make_espresso().await;
                order.steam_milk().await;
            }
        }
    };
    if timeout(stop, serve).await.is_ok() {
        log.answer();
    }
    log.timeline()
}

const FOR_EVER: Duration = Duration::from_secs(1 << 30);

/// Answers before the coffees come, as step 3 does.
async fn answered_early(customers: u32) -> Timeline {
    let log = OrderLog::new(Keep::Everything);
    let shop = Shop::with_log(Durations::default(), &log);
    log.answer();
    for order in shop.orders(customers) {
        join!(order.pay_for_coffee(), order.make_espresso(), order.steam_milk());
    }
    log.timeline()
}

async fn all_kinds() -> Vec<Timeline> {
    let mut timelines = vec![OrderLog::new(Keep::Summary).timeline()];
    for customers in [1, 10_000] {
        timelines.push(answered_early(customers).await);
    }
    for customers in [1, 2, 6, 7, 100, 1_234] {
        for each in [1, 50, 2_000, 3_600_000] {
            for at_once in [false, true] {
                let each = Duration::from_millis(each);
                timelines.push(timeline(customers, each, at_once, FOR_EVER).await);
                timelines.push(timeline(customers, each, at_once, each * 7 / 2).await);
            }
        }
    }
    timelines
}

#[tokio::test(start_paused = true)]
async fn a_text_is_ascii_and_fits_its_columns() {
    for timeline in all_kinds().await {
        for columns in [40, 60, 80, 100] {
            let text = timeline.to_text(columns, Ink::Plain);
            assert!(text.is_ascii() && text.ends_with('\n'), "{text}");
            for line in text.lines() {
                assert!(line.len() <= columns, "{columns} columns:\n{text}");
                assert_eq!(line, line.trim_end(), "{text}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn colour_adds_nothing_but_colour() {
    for timeline in all_kinds().await {
        let colour = timeline.to_text(80, Ink::Colour);
        let plain = timeline.to_text(80, Ink::Plain);
        assert_eq!(anstream::adapter::strip_str(&colour).to_string(), plain);
    }
}

#[tokio::test(start_paused = true)]
async fn an_svg_is_well_formed_and_says_what_it_shows() {
    for timeline in all_kinds().await {
        let panel = Panel { title: "Milk & <more>", timeline: &timeline };
        let svg = draw_svg("One & <only>", Duration::ZERO, &[panel, panel]);
        let document = Document::parse(&svg).expect("it is XML");
        let text = |tag| {
            let node = document.descendants().find(|node| node.has_tag_name(tag));
            node.and_then(|node| node.text()).unwrap_or_default().to_owned()
        };
        assert_eq!(text("title"), "One & <only>");
        assert!(text("desc").contains("Milk & <more>: "), "{}", text("desc"));
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_row_holds_one_thing_at_a_time() {
    let each = Duration::from_secs(2);
    let rows = |text: &str| {
        let drawn = text.lines().skip(2);
        drawn.take_while(|line| !line.starts_with("answer")).count()
    };
    let in_turn = timeline(3, each, false, FOR_EVER).await.to_text(80, Ink::Plain);
    let at_once = timeline(3, each, true, FOR_EVER).await.to_text(80, Ink::Plain);
    assert_eq!((rows(&in_turn), rows(&at_once)), (3, 9), "{in_turn}{at_once}");
}

#[tokio::test(start_paused = true)]
async fn customers_that_are_left_out_are_counted() {
    let text = timeline(100, Duration::from_secs(2), false, FOR_EVER).await.to_text(80, Ink::Plain);
    assert!(text.contains("... 94 more customers ..."), "{text}");
    let text = timeline(7, Duration::from_secs(2), false, FOR_EVER).await.to_text(80, Ink::Plain);
    assert!(text.contains("... 1 more customer ..."), "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_time_axis_has_a_few_round_marks() {
    for (millis, expected) in [
        (1, "0 s 0.001 s 0.002 s 0.003 s"),
        (2, "0 s 0.002 s 0.004 s 0.006 s"),
        (3, "0 s 0.002 s 0.004 s 0.006 s 0.008 s"),
        (2_000, "0 s 1 s 2 s 3 s 4 s 5 s 6 s"),
        (600_000, "0 s 600 s 1200 s 1800 s"),
        (86_400_000, "0 s 86400 s 172800 s 259200 s"),
        (864_000_000, "0 s 691200 s 1382400 s 2073600 s"),
    ] {
        let each = Duration::from_millis(millis);
        let text = timeline(1, each, false, FOR_EVER).await.to_text(80, Ink::Plain);
        let axis = text.lines().next().unwrap_or_default();
        assert_eq!(axis.split_whitespace().collect::<Vec<_>>().join(" "), expected, "{text}");
    }
}
