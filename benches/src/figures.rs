use std::collections::BTreeMap;
use std::fmt;
use std::hint::black_box;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use measured::wall_clock;

/// What a bench has measured, as a small table: a row for each way, a column for each number.
///
/// Criterion keeps its figures in files; these are the same runs, for a reader at a terminal.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    rows: Vec<String>,
    cells: BTreeMap<(usize, u64), Vec<f64>>,
}

impl Figures {
    /// Notes that so many iterations of a way took that long together.
    pub fn note(&mut self, row: &str, column: u64, took: Duration, iterations: u64) {
        let row = self.rows.iter().position(|name| name == row).unwrap_or_else(|| {
            self.rows.push(row.to_owned());
            self.rows.len() - 1
        });
        let seconds = took.as_secs_f64() / iterations as f64;
        self.cells.entry((row, column)).or_default().push(seconds);
    }

    /// Does the work so many times, and notes what that took in wall time.
    pub fn time<T>(
        &mut self,
        row: &str,
        column: u32,
        times: u64,
        work: impl Fn() -> T,
    ) -> Duration {
        let start = wall_clock();
        for _ in 0..times {
            black_box(work());
        }
        let took = start.elapsed();
        self.note(row, column.into(), took, times);
        took
    }

    /// Whether nothing was measured, because a filter fits nothing or only a list was asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows as curves.
    #[must_use]
    pub fn curves(&self) -> Vec<Curve> {
        let point = |row: &str, column| Some((column, self.seconds(row, column)?));
        let curve = |name: &String| Curve {
            name: name.clone(),
            points: self.columns().into_iter().filter_map(|column| point(name, column)).collect(),
        };
        self.rows.iter().map(curve).collect()
    }

    /// The fastest run of one cell in seconds, if it was measured; a filter leaves cells out. The
    /// fastest, because whatever else the machine does can only make a run slower.
    #[must_use]
    pub fn seconds(&self, row: &str, column: u64) -> Option<f64> {
        let row = self.rows.iter().position(|name| name == row)?;
        self.cells.get(&(row, column))?.iter().copied().min_by(f64::total_cmp)
    }

    /// The numbers at the heads of the columns.
    #[must_use]
    pub fn columns(&self) -> Vec<u64> {
        let mut columns: Vec<_> = self.cells.keys().map(|(_, column)| *column).collect();
        columns.sort_unstable();
        columns.dedup();
        columns
    }
}

/// The table, each line ended; nothing if nothing was measured.
impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns = self.columns();
        let label = self.rows.iter().map(|row| row.len()).max().unwrap_or(0);
        if !columns.is_empty() {
            write!(f, "{:label$}", "N")?;
            columns.iter().try_for_each(|column| write!(f, "  {column:>10}"))?;
            writeln!(f)?;
        }
        for row in &self.rows {
            write!(f, "{row:label$}")?;
            for column in &columns {
                let cell = self.seconds(row, *column);
                write!(f, "  {:>10}", cell.map_or_else(|| "-".to_owned(), readable))?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

/// A line of a chart: a time for each number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// What was measured.
    pub name: String,
    /// The numbers in ascending order, each with its time in seconds.
    pub points: Vec<(u64, f64)>,
}

/// The time of a curve at a number, in seconds, if it was measured there.
#[must_use]
pub fn at(curve: &Curve, number: u64) -> Option<f64> {
    curve.points.iter().find(|(n, _)| *n == number).map(|(_, seconds)| *seconds)
}

/// Seconds in the unit in which they read best.
#[must_use]
pub fn readable(seconds: f64) -> String {
    match seconds {
        1.0.. => format!("{seconds:.2} s"),
        1e-3..1.0 => format!("{:.2} ms", seconds * 1e3),
        1e-6..1e-3 => format!("{:.2} us", seconds * 1e6),
        _ => format!("{:.0} ns", seconds * 1e9),
    }
}
