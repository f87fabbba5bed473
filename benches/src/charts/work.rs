use plotters::prelude::RGBColor;

use super::bars::{Bar, Bars, Row};
use super::canvas::{BLUE, BROWN, GREEN, MARK};
use super::lines::{Axis, Line, Lines, Mark, thousands};
use crate::figures::Curve;
use crate::grinding::{Grinding, PLAIN, with_threads};

/// The five ways to grind: how long it takes, and how long the other tasks stand still.
#[must_use]
pub fn five_ways(data: &Grinding) -> String {
    let ways = &data.five_ways;
    let alone = ways.rows.first().map_or(f64::NAN, |row| row.took_s);
    let ms = |seconds: f64| seconds * 1e3;
    let row = |row: &crate::grinding::WayRow| {
        let words = format!("{:.0} ms, {:.1}x", ms(row.took_s), alone / row.took_s);
        let took = Bar { value: row.took_s, words, colour: BROWN };
        let words = format!("{:.0} ms", ms(row.longest_gap_s));
        let colour = if row.longest_gap_s * 4.0 > row.took_s { MARK } else { GREEN };
        let gap = Bar { value: row.longest_gap_s, words, colour };
        Row { label: row.way.clone(), bars: [vec![took], vec![gap]] }
    };
    let lines = ways.rows.iter().map(|row| {
        let (took, gap) = (ms(row.took_s), ms(row.longest_gap_s));
        format!(" {}: {took:.0} ms, the longest gap {gap:.0} ms.", row.way)
    });
    let chart = Bars {
        title: "Work on an executor: who is faster, and who has to wait",
        description: &format!("Five ways to grind the same beans.{}", lines.collect::<String>()),
        headings: ["time to grind, and speed-up", "other tasks stand still for"],
        rows: ways.rows.iter().map(row).collect(),
        key: vec![],
        notes: vec![format!(
            "{} beans, the fastest of {} runs. One worker; another task on it wants to move every 5 ms.",
            thousands(ways.beans.into()),
            ways.runs
        )],
        caption: &data.taken.caption(),
    };
    chart.draw()
}

/// How many times as fast as a plain loop rayon is, over the size of the work.
#[must_use]
pub fn speed_up(data: &Grinding) -> String {
    let parallel: Vec<_> = data.work.iter().filter(|curve| curve.name != PLAIN).collect();
    let on_all_cores = with_threads(data.taken.cores);
    let best = parallel.iter().find(|curve| curve.name == on_all_cores);
    let crossover = best.and_then(|curve| data.crossover(curve));
    let line = |(index, curve): (usize, &&Curve)| {
        let points = data.speed_up(curve).into_iter().map(|(n, speed_up)| (n as f64, speed_up));
        let points: Vec<_> = points.collect();
        let last = points.last().map_or(f64::NAN, |(_, speed_up)| *speed_up);
        Line {
            label: vec![format!("{}: {last:.2}x", curve.name)],
            colour: [BROWN, GREEN, BLUE][index % 3],
            dashed: curve.name != on_all_cores,
            points,
        }
    };
    let curves = parallel.iter().enumerate().map(line).collect::<Vec<_>>();
    let mark = crossover.map(|beans| Mark {
        at: (beans, 1.0),
        words: vec![
            "parallel begins to pay".to_owned(),
            format!("at about {} beans,", thousands(two_digits(beans))),
            format!("{:.0} us of work", data.plain_seconds(beans) * 1e6),
        ],
        offset: (24, 70),
        colour: MARK,
    });
    let words = crossover.map_or("It never pays here.".to_owned(), |beans| {
        format!("Parallel begins to pay at about {} beans.", thousands(two_digits(beans)))
    });
    let most = curves.iter().filter_map(|line| line.points.last());
    let most = most.map(|(beans, _)| *beans).fold(10.0, f64::max);
    let chart = Lines {
        title: "Handing work to other cores pays from some size on",
        description: &format!(
            "The speed-up of rayon over a plain loop, over the number of beans, both axes \
             logarithmic. {words} At the right end: {}.",
            curves.iter().flat_map(|line| line.label.clone()).collect::<Vec<_>>().join(", ")
        ),
        x: Axis {
            label: "beans to grind".to_owned(),
            range: 1.0..most,
            ticks: (0..7)
                .map(|power| 10_u64.pow(power))
                .map(|n| (n as f64, thousands(n)))
                .collect(),
        },
        y: Axis {
            label: "speed-up over a plain loop".to_owned(),
            range: 0.0002..6.0,
            ticks: [0.001, 0.01, 0.1, 1.0, 2.0, 4.0].map(|at| (at, format!("{at}x"))).to_vec(),
        },
        curves,
        marks: mark.into_iter().collect(),
        caption: ["The fastest run of each. Both axes are logarithmic.", &data.taken.caption()],
    };
    chart.draw()
}

/// The opposite experiment: customers who wait, on threads and on tasks.
#[must_use]
pub fn waiting(data: &Grinding) -> String {
    const COLOURS: [RGBColor; 3] = [MARK, BROWN, GREEN];
    let line = |(index, curve): (usize, &Curve)| {
        let points = curve.points.iter().map(|(n, seconds)| (*n as f64, seconds * 1e3));
        let points: Vec<_> = points.collect();
        let last = points.last().map_or(f64::NAN, |(_, ms)| *ms);
        Line {
            label: vec![curve.name.clone(), format!("{last:.0} ms")],
            colour: COLOURS[index % 3],
            dashed: false,
            points,
        }
    };
    let curves = data.waiting.iter().enumerate().map(line).collect::<Vec<_>>();
    let action = data.action_s * 1e3;
    let coffee = 3.0 * action;
    let ends: Vec<_> = curves.iter().map(|line| line.label.join(" ")).collect();
    let most = data.waiting.iter().flat_map(|curve| &curve.points).map(|(n, _)| *n).max();
    let most = most.unwrap_or(100) as f64;
    let customers = [1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000];
    let customers = customers.into_iter().filter(|n| *n as f64 <= most);
    let chart = Lines {
        title: "Waiting on a pool of threads: the customers queue again",
        description: &format!(
            "The time until all customers are served over their number, both axes logarithmic. \
             Each waits {coffee} ms in all. At the right end: {}.",
            ends.join(", ")
        ),
        x: Axis {
            label: format!("customers, who wait 3 x {action} ms each"),
            range: 1.0..most,
            ticks: customers.map(|n| (n as f64, thousands(n))).collect(),
        },
        y: Axis {
            label: "wall time until all are served".to_owned(),
            range: 9.0..1_600.0,
            ticks: [15, 30, 100, 300, 1_000].map(|ms| (f64::from(ms), format!("{ms} ms"))).to_vec(),
        },
        curves,
        marks: vec![],
        caption: [
            "The fastest run of each. Both axes are logarithmic. Tokio's timer rounds up to 1 ms.",
            &data.taken.caption(),
        ],
    };
    chart.draw()
}

/// A measured number has no more.
fn two_digits(number: f64) -> u64 {
    let unit = 10_f64.powf(number.max(1.0).log10().floor() - 1.0).max(1.0);
    ((number / unit).round() * unit) as u64
}
