//! The log and its drawings with kinds that are not the coffee shop's, on a paused clock.

use std::time::Duration;

use roxmltree::Document;
use timeline::{Ink, Keep, Kind, Log, Look, Outcome, Panel, draw_svg};
use tokio::join;
use tokio::time::{sleep, timeout};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hop {
    Dial,
    Answer,
}

impl Kind for Hop {
    const ALL: &'static [Self] = &[Self::Dial, Self::Answer];
    const LANE: &'static str = "request";
    const PRODUCT: &'static str = "answer";

    fn name(self) -> &'static str {
        match self {
            Self::Dial => "dial",
            Self::Answer => "answer",
        }
    }

    fn look(self) -> Look {
        match self {
            Self::Dial => Look::VIOLET,
            Self::Answer => Look::AMBER,
        }
    }
}

async fn proxy(log: &Log<Hop>, patience: Duration) {
    let request = log.lane();
    let hops = async {
        request.run(Hop::Dial, sleep(Duration::from_secs(1))).await;
        request.run(Hop::Answer, sleep(Duration::from_secs(2))).await;
    };
    if timeout(patience, hops).await.is_ok() {
        request.serve();
    }
}

const PATIENT: Duration = Duration::from_secs(60);

#[tokio::test(start_paused = true)]
async fn a_text_speaks_in_the_words_of_its_kind() {
    let log = Log::new(Keep::Everything);
    assert_eq!(log.timeline().to_text(60, Ink::Plain), "No answer yet for 0 requests.\n");
    join!(proxy(&log, PATIENT), proxy(&log, Duration::from_secs(2)));
    log.answer();
    assert_eq!(log.timeline().sentence(), "Took 3.0 s to serve 2 requests");
    let expected = "
           0 s            1 s            2 s            3 s
           |              |              |              |
request 1  ==== dial =====+++++++++++ answer +++++++++++
request 2  ==== dial =====+++ answer +++x
answer                                            3.0 s ^

= dial  + answer  x cancelled      4 spans, 1 thread, 1 lost
";
    assert_eq!(format!("\n{}", log.timeline().to_text(60, Ink::Plain)), expected);
}

#[tokio::test(start_paused = true)]
async fn a_lane_that_is_dropped_is_lost_and_its_span_was_cancelled() {
    let log = Log::new(Keep::Everything);
    proxy(&log, Duration::from_millis(500)).await;
    let timeline = log.timeline();
    assert_eq!((timeline.served(), timeline.lost(), timeline.is_settled()), (0, 1, true));
    assert_eq!(timeline.records()[0].outcome, Some(Outcome::Cancelled));
    assert_eq!(timeline.sentence(), "Stopped after 0.5 s, 1 of 1 request lost");
}

#[tokio::test(start_paused = true)]
async fn a_summary_of_lanes_that_come_by_themselves_is_bounded() {
    let log = Log::new(Keep::Summary);
    for _ in 0..1_000 {
        proxy(&log, PATIENT).await;
    }
    let timeline = log.timeline();
    assert_eq!((timeline.served(), timeline.omitted()), (1_000, 997));
    assert_eq!(timeline.records().len(), 6);
    let text = timeline.to_text(80, Ink::Plain);
    assert!(text.contains("... 997 more requests ..."), "{text}");
    assert!(!text.contains("request 1000"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn json_has_the_keys_of_its_kind() {
    let log = Log::new(Keep::Everything);
    proxy(&log, PATIENT).await;
    let json: serde_json::Value =
        serde_json::from_str(&log.timeline().to_json()).expect("it is JSON");
    assert_eq!(json["requests"], 1);
    assert_eq!(json["records"][1]["request"], 1);
    assert_eq!(json["records"][1]["span"], "answer");
    assert_eq!(json["records"][1]["started_s"], 1.0);
}

/// Viewers apart from browsers read attributes well and style sheets badly.
#[tokio::test(start_paused = true)]
async fn every_shape_of_an_svg_has_its_colour_as_an_attribute() {
    let log = Log::new(Keep::Everything);
    join!(proxy(&log, PATIENT), proxy(&log, Duration::from_secs(2)));
    log.answer();
    let panel = Panel { title: "hops", timeline: &log.timeline() };
    let svg = draw_svg("Hops", Duration::ZERO, &[panel]);
    let document = Document::parse(&svg).expect("it is XML");
    let shapes = document
        .descendants()
        .filter(|node| ["rect", "path", "text"].iter().any(|shape| node.has_tag_name(*shape)));
    for shape in shapes {
        let coloured = shape.ancestors().any(|node| {
            let colour = node.attribute("fill").or(node.attribute("stroke"));
            colour.is_some_and(|colour| colour.starts_with('#'))
        });
        assert!(coloured, "{shape:?}");
    }
    for fill in [Look::VIOLET.light.fill, Look::AMBER.light.fill] {
        assert!(svg.contains(&format!("fill=\"{fill}\"")), "{fill}");
    }
    let sheet = svg.split("<style>").nth(1).and_then(|rest| rest.split("</style>").next());
    let sheet = sheet.expect("a style sheet").trim();
    assert!(sheet.starts_with("@media (prefers-color-scheme: dark) {"), "{sheet}");
    let rules = sheet.lines().skip(1).filter(|line| *line != "}");
    assert!(rules.clone().count() > 6 && rules.into_iter().all(|rule| rule.starts_with(":root ")));
}
