//! The pictures in `slides/pictures` are drawn from the files beside this test, and can be read.

use std::fs;
use std::path::{Path, PathBuf};

use benches::charts::{five_ways, latency, overhead, speed_up, waiting};
use benches::grinding::Grinding;
use benches::limits::{self, Limits};
use benches::overhead::{Overhead, Way, page};
use measured::Data;
use roxmltree::Document;

fn pictures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../slides/pictures")
}

fn drawn() -> [(&'static str, String); 5] {
    let costs = Overhead::load().expect("the data file is there");
    let grinding = Grinding::load().expect("the data file is there");
    [
        ("latency", latency().expect("a paused runtime")),
        ("overhead", overhead(&costs)),
        ("grinder", five_ways(&grinding)),
        ("crossover", speed_up(&grinding)),
        ("waiting", waiting(&grinding)),
    ]
}

#[test]
fn every_picture_is_what_its_figures_give() {
    for (name, svg) in drawn() {
        let path = pictures().join(name).with_extension("svg");
        let kept = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        // Not assert_eq, which would print both pictures.
        assert!(kept == svg, "{name}.svg is not up to date: cargo run -p benches --bin charts");
    }
}

#[test]
fn every_page_is_what_its_figures_give() {
    let overhead = page(&Overhead::load().expect("the data file is there"));
    let limits = limits::page(&Limits::load().expect("the data file is there"));
    for (kept, page) in [
        (include_str!("../overhead.md"), overhead),
        (include_str!("../../docker/measured.md"), limits),
    ] {
        let kept = kept.replace("\r\n", "\n");
        assert_eq!(kept, page, "not up to date: cargo run -p benches --bin charts");
    }
}

#[test]
fn every_picture_has_a_title_and_a_description_and_follows_the_scheme() {
    for (name, svg) in drawn() {
        let document = Document::parse(&svg).unwrap_or_else(|error| panic!("{name}: {error}"));
        let text = |tag| {
            let node = document.descendants().find(|node| node.has_tag_name(tag));
            node.and_then(|node| node.text()).unwrap_or_default().to_owned()
        };
        assert!(!text("title").is_empty(), "{name}");
        assert!(text("desc").len() > 100, "{name}: {}", text("desc"));
        assert!(text("style").contains("prefers-color-scheme: dark"), "{name}");
        let root = document.root_element();
        assert_eq!(root.attribute("viewBox"), Some("0 0 1280 720"), "{name}");
        assert_eq!(root.attribute("width"), None, "{name}: it fills its place");
    }
}

#[test]
fn no_word_leaves_the_slide_and_none_is_too_small_for_the_last_row() {
    for (name, svg) in drawn() {
        let document = Document::parse(&svg).expect("well-formed");
        for node in document.descendants().filter(|node| node.has_tag_name("text")) {
            let number = |attribute: &str| -> f64 {
                node.attribute(attribute).and_then(|n| n.parse().ok()).expect("a number")
            };
            let words = node.text().unwrap_or_default().trim();
            let (x, y, size) = (number("x"), number("y"), number("font-size"));
            // The average letter of DejaVu Sans Bold, the widest of the fonts asked for.
            let width = 0.6 * size * words.chars().count() as f64;
            let (left, right) = match node.attribute("text-anchor") {
                _ if node.attribute("transform").is_some() => (x, x),
                Some("start") => (x, x + width),
                Some("end") => (x - width, x),
                _ => (x - width / 2.0, x + width / 2.0),
            };
            assert!(size > 17.9, "{name}: {words} is only {size} high");
            assert!((0.0..=720.0).contains(&y), "{name}: {words} at {y}");
            assert!(left >= 0.0 && right <= 1280.0, "{name}: {words}, {left} to {right}");
        }
    }
}

#[test]
fn measured_figures_say_where_and_when() {
    let costs = Overhead::load().expect("the data file is there");
    for (name, svg) in drawn() {
        let exact = name == "latency";
        assert_eq!(svg.contains(&costs.taken.machine), !exact, "{name}");
        assert_eq!(svg.contains("Exact, from the paused clock"), exact, "{name}");
    }
}

#[test]
fn the_table_has_every_way_at_a_million_customers() {
    let costs = Overhead::load().expect("the data file is there");
    for way in Way::COMPARED {
        let rows = costs.rows.iter().filter(|row| row.way == way && row.customers == 1_000_000);
        let measured = rows.filter(|row| row.beyond_waiting_s.is_some()).count();
        assert_eq!(measured, 2, "{} with both allocators", way.name());
    }
}
