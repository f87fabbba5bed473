//! One page for the room, beside criterion's report: the chart of the same samples first, then
//! their figures, then the way to the details.
//!
//! Criterion draws its line chart with all labels in one corner and ticks at powers of ten, and its
//! first page shows violins without a width, since a paused clock hardly varies.

use std::fs::{self, File};
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use menu::Step;
use serde::Deserialize;

use crate::charts::last_coffee;
use crate::{CUSTOMERS, readable};

/// What criterion keeps of the last run of one bench: iterations, and what each sample's iterations
/// took together in the unit of the measurement, which is seconds of shop time.
#[derive(Deserialize)]
struct Sample {
    iters: Vec<f64>,
    times: Vec<f64>,
}

/// The seconds of one iteration in each sample, in ascending order.
fn seconds(folder: &Path) -> io::Result<Vec<f64>> {
    let file = BufReader::new(File::open(folder.join("new/sample.json"))?);
    let sample: Sample = serde_json::from_reader(file)?;
    let each = sample.times.iter().zip(&sample.iters).map(|(time, iters)| time / iters);
    let mut seconds: Vec<_> = each.collect();
    seconds.sort_by(f64::total_cmp);
    Ok(seconds)
}

/// A step's samples by number of customers; a number that was not measured is left out.
struct Curve {
    step: Step,
    name: String,
    samples: Vec<(u32, Vec<f64>)>,
}

/// Writes `serve_customers.html` into criterion's folder, from the samples that criterion has
/// written there, and returns its path. `curve` is the name under which a step was measured.
///
/// # Errors
///
/// When there is no sample at all, or the page cannot be written.
pub fn serve_customers_page(
    home: &Path,
    group: &str,
    curve: impl Fn(Step) -> String,
) -> io::Result<PathBuf> {
    let read = |step| {
        let name = curve(step);
        let of = |n: u32| home.join(group).join(&name).join(n.to_string());
        let samples = CUSTOMERS.into_iter().filter_map(|n| Some((n, seconds(&of(n)).ok()?)));
        let samples = samples.filter(|(_, seconds)| !seconds.is_empty()).collect();
        Curve { step, name, samples }
    };
    let curves: Vec<_> = Step::TALK.into_iter().map(read).collect();
    if curves.iter().all(|curve| curve.samples.is_empty()) {
        let what = format!("criterion has left no sample in {}", home.join(group).display());
        return Err(io::Error::new(io::ErrorKind::NotFound, what));
    }
    let path = home.join("serve_customers.html");
    fs::write(&path, page(group, &curves))?;
    Ok(path)
}

fn page(group: &str, curves: &[Curve]) -> String {
    let points = |curve: &Curve| -> Vec<_> {
        curve.samples.iter().map(|(n, samples)| (*n, mean(samples))).collect()
    };
    let lines: Vec<_> = curves.iter().map(|curve| (curve.step, points(curve))).collect();
    let chart = last_coffee(&lines, "The means of criterion's samples, in shop time");
    let chart = &chart[chart.find("<svg").unwrap_or(0)..];
    let head = CUSTOMERS.map(|n| format!("<th>{n}</th>")).concat();
    let rows: String = curves.iter().map(|curve| row(group, curve)).collect();
    format!(
        "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\">\n\
         <title>How long until everybody has coffee</title>\n<style>{STYLE}</style>\n\
         {chart}\n<table><tr><th>customers at once</th>{head}</tr>\n{rows}</table>\n\
         <p>Shop time: the waiting, which a paused clock does at once, and the real work. Each \
         figure is the mean of criterion's samples, with the fastest and the slowest below it.</p>\n\
         <p><a href=\"report/index.html\">Criterion's own report</a>, with every distribution.</p>\n\
         </html>\n"
    )
}

const STYLE: &str = "\
    :root { color-scheme: light dark } \
    body { margin: 0 auto; padding: 1rem; max-width: 1100px; font: 18px/1.5 system-ui, sans-serif; \
    background: light-dark(#fffdf8, #1c1613); color: light-dark(#2a211b, #f6efe7) } \
    svg { display: block; width: 100%; height: auto } \
    table { width: 100%; border-collapse: collapse } \
    th, td { padding: 6px 10px; text-align: right; border-bottom: 1px solid light-dark(#d9cdbd, #4a3e36) } \
    th:first-child, td:first-child { text-align: left } \
    td small { display: block; opacity: 0.7; font-size: 12px; white-space: nowrap } \
    a { color: light-dark(#1d5591, #9ccbf8) }";

fn row(group: &str, curve: &Curve) -> String {
    let cell = |n| {
        let Some((_, samples)) = curve.samples.iter().find(|(m, _)| *m == n) else {
            return "<td>not measured</td>".to_owned();
        };
        let (least, most) = (samples[0], samples[samples.len() - 1]);
        let [mean, least, most] = [mean(samples), least, most].map(readable);
        format!("<td>{mean}<small>{least} to {most}</small></td>")
    };
    let cells: String = CUSTOMERS.map(cell).concat();
    let link = format!("{}/{}/report/index.html", encoded(group), encoded(&curve.name));
    format!("<tr><td><a href=\"{link}\">{}</a></td>{cells}</tr>\n", curve.name)
}

fn mean(samples: &[f64]) -> f64 {
    samples.iter().sum::<f64>() / samples.len() as f64
}

/// A folder's name as a part of a link.
fn encoded(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.,()".contains(c);
    let mut bytes = [0; 4];
    let each = name.chars().map(|c| match plain(c) {
        true => c.to_string(),
        false => c.encode_utf8(&mut bytes).bytes().map(|byte| format!("%{byte:02X}")).collect(),
    });
    each.collect()
}
