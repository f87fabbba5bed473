//! What the text and the picture of a timeline have in common: which rows there are, and where
//! the marks of the time axis stand.
//!
//! A row holds one thing at a time. A lane whose spans follow one another needs one row, a lane
//! with three spans at once needs three: so the height of a drawing is its concurrency, its width
//! is the time, and the area, the work, is the same for each way to do the same.

mod scheme;
mod svg;
mod text;

use std::time::Duration;

use crate::event::Outcome;
use crate::kind::Kind;
use crate::log::Log;
use crate::timeline::{Record, Timeline};
use crate::words::count;

pub use svg::{Panel, draw_svg};
pub use text::Ink;

/// The spans of one row, none of which overlaps another.
type Bars<'a, K> = Vec<&'a Record<K>>;

enum Row<'a, K> {
    /// The first row of a lane bears the lane's number.
    Spans(Option<u32>, Bars<'a, K>),
    /// So many lanes are not shown.
    LeftOut(u32),
}

/// All lanes if they are few, else the first and the last.
fn rows<K: Kind>(timeline: &Timeline<K>) -> Vec<Row<'_, K>> {
    let (few, last) = (Log::<K>::FEW, timeline.accepted());
    let rows = |lane| {
        let numbered = move |(i, bars)| Row::Spans((i == 0).then_some(lane), bars);
        rows_of(timeline, lane).into_iter().enumerate().map(numbered)
    };
    if last <= 2 * few {
        (1..=last).flat_map(rows).collect()
    } else if timeline.omitted() == last - few {
        // Of lanes that came one by one a summary cannot know which will be the last.
        (1..=few).flat_map(rows).chain([Row::LeftOut(last - few)]).collect()
    } else {
        (1..=few)
            .flat_map(rows)
            .chain([Row::LeftOut(last - 2 * few)])
            .chain((last - few + 1..=last).flat_map(rows))
            .collect()
    }
}

/// A lane's spans, packed into as few rows as hold one at a time; at least one, which is empty
/// while the lane waits.
fn rows_of<K: Kind>(timeline: &Timeline<K>, lane: u32) -> Vec<Bars<'_, K>> {
    let records = timeline.records();
    let start = records.partition_point(|record| record.lane < lane);
    let mut rows = vec![vec![]];
    for record in records[start..].iter().take_while(|record| record.lane == lane) {
        let free = |row: &&mut Bars<'_, K>| row.last().is_none_or(|last| !last.overlaps(record));
        match rows.iter_mut().find(free) {
            Some(row) => row.push(record),
            None => rows.push(vec![record]),
        }
    }
    rows
}

/// How far the time axis must reach.
fn reach<K: Kind>(timeline: &Timeline<K>) -> Duration {
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
    // 6 and 12 rather than 5 and 10: halves and thirds of them are whole.
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

/// What the spans ran on, and what was lost, as a caption.
fn caption<K: Kind>(timeline: &Timeline<K>) -> String {
    let records = timeline.records();
    let mut parts = Vec::new();
    if timeline.omitted() == 0 && !records.is_empty() {
        let tasks = records.iter().filter_map(|record| record.task).max();
        let threads = records.iter().filter_map(|record| record.thread).max();
        parts.push(count(records.len() as u64, K::SPAN));
        parts.extend(tasks.map(|n| count(n as u64, "task")));
        parts.extend(threads.map(|n| count(n as u64, "thread")));
    }
    if timeline.lost() > 0 {
        parts.push(format!("{} lost", timeline.lost()));
    }
    parts.join(", ")
}

/// When the last span ended, if that was not when the answer came.
fn aftermath<K: Kind>(
    timeline: &Timeline<K>,
    duration: impl Fn(Duration) -> String,
) -> Option<String> {
    let end = duration(timeline.last_end());
    match timeline.answered() {
        Some(answered) if answered >= timeline.last_end() => None,
        _ if timeline.lost() > 0 => Some(format!("stopped {end}")),
        Some(_) => Some(format!("last {} {end}", K::PRODUCT)),
        None => Some(end),
    }
}

fn is_cancelled<K>(record: &Record<K>) -> bool {
    record.outcome == Some(Outcome::Cancelled)
}
