//! What the text and the picture of a timeline have in common: which rows there are, and where
//! the marks of the time axis stand.
//!
//! A row holds one thing at a time. A customer whose actions follow one another needs one row, a
//! customer whose three actions go on at once needs three: so the height of a drawing is its
//! concurrency, its width is the time, and the area, the work, is the same in every step.

mod svg;
mod text;

use std::time::Duration;

use crate::timeline::{Record, Timeline};
use crate::{OrderLog, Outcome};

pub use svg::{Panel, draw_svg};
pub use text::Ink;

/// A duration as the drawings write it: `18.0 s`.
#[must_use]
pub fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

/// A duration as a sentence says it: in seconds, or in a smaller unit where seconds would read
/// as nothing.
#[must_use]
pub fn spoken(duration: Duration) -> String {
    match duration.as_micros() as u64 {
        micros @ 1..1_000 => count(micros, "microsecond"),
        micros @ 1_000..100_000 => count(micros / 1_000, "millisecond"),
        _ => seconds(duration),
    }
}

/// Things with their number: `1 coffee`, `3 coffees`.
#[must_use]
pub fn count(n: u64, thing: &str) -> String {
    format!("{n} {thing}{}", if n == 1 { "" } else { "s" })
}

enum Row<'a> {
    /// The first row of a customer bears the number.
    Lane(Option<u32>, Vec<&'a Record>),
    /// So many customers are not shown.
    LeftOut(u32),
}

/// All customers if they are few, else the first and the last.
fn rows(timeline: &Timeline) -> Vec<Row<'_>> {
    let few = OrderLog::FEW;
    let last = timeline.customers();
    let lanes = |customer| {
        lanes(timeline, customer)
            .into_iter()
            .enumerate()
            .map(move |(i, lane)| Row::Lane((i == 0).then_some(customer), lane))
    };
    if last <= 2 * few {
        (1..=last).flat_map(lanes).collect()
    } else {
        (1..=few)
            .flat_map(lanes)
            .chain([Row::LeftOut(last - 2 * few)])
            .chain((last - few + 1..=last).flat_map(lanes))
            .collect()
    }
}

/// A customer's actions, packed into as few lanes as hold one at a time; at least one, which is
/// empty while the customer waits.
fn lanes(timeline: &Timeline, customer: u32) -> Vec<Vec<&Record>> {
    let records = timeline.records();
    let start = records.partition_point(|record| record.customer < customer);
    let mut lanes = vec![vec![]];
    for record in records[start..].iter().take_while(|record| record.customer == customer) {
        let free = |lane: &&mut Vec<&Record>| lane.last().is_none_or(|last| !last.overlaps(record));
        match lanes.iter_mut().find(free) {
            Some(lane) => lane.push(record),
            None => lanes.push(vec![record]),
        }
    }
    lanes
}

/// How far the time axis must reach.
fn reach(timeline: &Timeline) -> Duration {
    let open = timeline
        .records()
        .iter()
        .filter(|record| record.outcome.is_none())
        .map(|record| record.started);
    open.chain(timeline.answered()).fold(timeline.last_end(), Duration::max)
}

/// The marks of a time axis: no more than `most` steps of a round duration, and what to write
/// beside each.
fn ticks(reach: Duration, most: usize) -> Vec<(Duration, String)> {
    // 6 s is one customer, so it makes a better step here than 5 s.
    const STEPS: [f64; 23] = [
        0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 6.0, 12.0, 30.0, 60.0,
        120.0, 300.0, 600.0, 1_800.0, 3_600.0, 7_200.0, 21_600.0, 43_200.0,
    ];
    const DAY: f64 = 86_400.0;
    let reach = reach.as_secs_f64();
    // A live run takes a little longer than the time it is about.
    let fits = |step: &f64| reach / step <= most as f64 * 1.01;
    let days = || DAY * (reach / most as f64 / DAY).ceil();
    let step = STEPS.into_iter().find(fits).unwrap_or_else(days);
    // A live run ends a little late: the last mark may stand a hair before the end.
    let marks = (reach / step + 1e-3).floor() as u32;
    (0..=marks)
        .map(|mark| f64::from(mark) * step)
        .map(|at| (Duration::from_secs_f64(at), format!("{} s", round(at))))
        .collect()
}

/// Without the digits that binary fractions leave behind.
fn round(seconds: f64) -> f64 {
    (seconds * 1e6).round() / 1e6
}

/// What the actions ran on, and what was lost, as a caption.
fn caption(timeline: &Timeline) -> String {
    let records = timeline.records();
    let mut parts = Vec::new();
    if timeline.omitted() == 0 && !records.is_empty() {
        let tasks = records.iter().filter_map(|record| record.task).max();
        let threads = records.iter().filter_map(|record| record.thread).max();
        parts.push(count(records.len() as u64, "action"));
        parts.extend(tasks.map(|n| count(n as u64, "task")));
        parts.extend(threads.map(|n| count(n as u64, "thread")));
    }
    if timeline.lost() > 0 {
        parts.push(format!("{} lost", timeline.lost()));
    }
    parts.join(", ")
}

/// When the coffees came, if that was not when the answer did.
fn aftermath(timeline: &Timeline, duration: impl Fn(Duration) -> String) -> Option<String> {
    let end = duration(timeline.last_end());
    match timeline.answered() {
        Some(answered) if answered >= timeline.last_end() => None,
        _ if timeline.lost() > 0 => Some(format!("stopped {end}")),
        Some(_) => Some(format!("last coffee {end}")),
        None => Some(end),
    }
}

fn is_cancelled(record: &Record) -> bool {
    record.outcome == Some(Outcome::Cancelled)
}
