use std::io;

use menu::Step;
use plotters::prelude::RGBColor;

use super::canvas::{BLUE, BROWN, GREEN, MARK};
use super::lines::{Axis, Line, Lines};
use crate::{CUSTOMERS, exactly};

/// The last coffee over the number of customers, in the four steps. Exact: from the paused clock
/// alone, the same on every machine.
///
/// # Errors
///
/// When the operating system refuses what tokio needs.
pub fn latency() -> io::Result<String> {
    let mut curves = Vec::new();
    for step in Step::TALK {
        let point = |customers| {
            let served = exactly(step, customers)?;
            Ok((customers, served.last_coffee.as_secs_f64()))
        };
        curves.push((step, CUSTOMERS.into_iter().map(point).collect::<io::Result<_>>()?));
    }
    Ok(last_coffee(&curves, "Exact, from the paused clock"))
}

/// The same chart of other seconds, by step and number of customers: those that a bench has just
/// measured. `source` says in a line where they come from. Steps without a point are left out.
#[must_use]
pub fn last_coffee(curves: &[(Step, Vec<(u32, f64)>)], source: &str) -> String {
    let curves = curves.iter().filter(|(_, points)| !points.is_empty());
    let curves = curves.map(|(step, points)| curve(*step, points)).collect();
    let tick = |value: u32, unit: &str| (f64::from(value), format!("{value}{unit}"));
    let seconds = [2, 6, 18, 60, 180, 600, 1_800];
    let chart = Lines {
        title: "How long until everybody has coffee",
        description: "The time until the last coffee over the number of customers, both axes \
            logarithmic. Sequential takes 6 seconds for each customer, from 6 seconds for 1 to \
            1800 seconds for 300. Spawned and joined take 6 seconds for any number, though \
            spawned answers at once. Nested joins take 2 seconds for any number.",
        x: Axis {
            label: "customers at once".to_owned(),
            range: 1.0..300.0,
            ticks: CUSTOMERS.map(|n| tick(n, "")).to_vec(),
        },
        y: Axis {
            label: "shop time until the last coffee".to_owned(),
            range: 1.4..2_200.0,
            ticks: seconds.map(|s| tick(s, " s")).to_vec(),
        },
        curves,
        marks: vec![],
        caption: ["Both axes are logarithmic.", source],
    };
    chart.draw()
}

fn curve(step: Step, points: &[(u32, f64)]) -> Line {
    let (colour, result, why): (RGBColor, _, _) = match step {
        Step::Sequential => (MARK, "6 s x N", "one after another"),
        // On the line of step 4, hence the dashes.
        Step::Spawned => (BROWN, "6 s", "but it answers after 0 s"),
        Step::Joined => (BLUE, "6 s, any N", "all customers at once"),
        Step::NestedJoins | Step::Batched | Step::Table => {
            (GREEN, "2 s, any N", "and their actions at once")
        }
    };
    let label = vec![format!("step {}: {result}", step.number()), why.to_owned()];
    let points = points.iter().map(|(n, seconds)| (f64::from(*n), *seconds)).collect();
    Line { label, colour, dashed: step == Step::Spawned, points }
}
