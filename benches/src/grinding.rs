//! What the grinder did when it was measured, and where parallel work begins to pay.

use std::num::NonZeroUsize;

use grinder::{Error, Sack, Trial, Way, trial};
use measured::{Data, Taken};
use serde::{Deserialize, Serialize};

use crate::figures::{Curve, at};

/// The name of the curve that everything else is compared with: no pool, no oneshot, no tasks.
pub const PLAIN: &str = "plain loop";

/// The name of the curve of so many threads.
#[must_use]
pub fn with_threads(threads: usize) -> String {
    format!("rayon, {}", coffee::count(threads as u64, "thread"))
}

/// What `benches/grind` measures. All times are wall time in seconds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Grinding {
    /// Where and when.
    pub taken: Taken,
    /// Time over the number of beans.
    pub work: Vec<Curve>,
    /// How long each of a customer's three actions took.
    pub action_s: f64,
    /// Time over the number of customers who wait.
    pub waiting: Vec<Curve>,
    /// The five ways of the grinder.
    pub five_ways: FiveWays,
}

impl Data for Grinding {
    const FILE: &'static str = "grind.json";
    const COMMAND: &'static str = "cargo bench -p benches --bench grind -- --save";
}

impl Grinding {
    /// How many times as fast as the plain loop a curve is, at each number of beans.
    #[must_use]
    pub fn speed_up(&self, curve: &Curve) -> Vec<(u64, f64)> {
        let plain = self.work.iter().find(|curve| curve.name == PLAIN);
        let over = |&(n, seconds): &(u64, f64)| Some((n, at(plain?, n)? / seconds));
        curve.points.iter().filter_map(over).collect()
    }

    /// From how many beans on a curve is faster than the plain loop, between two that were
    /// measured: on the straight line that a chart with logarithmic axes draws.
    #[must_use]
    pub fn crossover(&self, curve: &Curve) -> Option<f64> {
        let points = self.speed_up(curve);
        let pays = points.iter().rposition(|(_, speed_up)| *speed_up <= 1.0)?;
        let [(n, slow), (m, fast)] = [*points.get(pays)?, *points.get(pays + 1)?];
        let share = -slow.ln() / (fast.ln() - slow.ln());
        let [n, m] = [n, m].map(|n| (n as f64).ln());
        Some((n + share * (m - n)).exp())
    }
}

impl Grinding {
    /// How long a plain loop takes for so many beans, in seconds of wall time, again on the
    /// straight line between two numbers that were measured.
    #[must_use]
    pub fn plain_seconds(&self, beans: f64) -> f64 {
        let plain = self.work.iter().find(|curve| curve.name == PLAIN);
        let points = plain.map_or(&[][..], |curve| &curve.points);
        let around = points.windows(2).find(|pair| pair[1].0 as f64 >= beans);
        let Some([(n, fast), (m, slow)]) = around else { return f64::NAN };
        let [n, m] = [n, m].map(|n| (*n as f64).ln());
        let share = (beans.ln() - n) / (m - n);
        (fast.ln() + share * (slow.ln() - fast.ln())).exp()
    }
}

/// The five ways to grind the same beans, each the fastest of some runs: what other programs do
/// to the cores can only make a run slower.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FiveWays {
    /// How many beans.
    pub beans: u32,
    /// How many runs.
    pub runs: u32,
    /// One row for each way.
    pub rows: Vec<WayRow>,
}

/// One of the five ways. Times are wall time in seconds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WayRow {
    /// The way in the words of the code.
    pub way: String,
    /// How long the fastest run took.
    pub took_s: f64,
    /// The longest gap between two beats in that run.
    pub longest_gap_s: f64,
}

impl FiveWays {
    const BEANS: u32 = 3_000_000;
    const RUNS: u32 = 9;

    /// Grinds in all ways, in turn, so that a noisy minute harms them all alike.
    ///
    /// # Errors
    ///
    /// When the operating system refuses the threads.
    pub fn measure(cores: NonZeroUsize) -> Result<Self, Error> {
        let mut best: Vec<Option<Trial>> = vec![None; Way::ALL.len()];
        for _ in 0..Self::RUNS {
            for (way, best) in Way::ALL.into_iter().zip(&mut best) {
                let trial = trial(way, Sack::of(Self::BEANS)?, cores)?;
                if best.is_none_or(|best| trial.took < best.took) {
                    *best = Some(trial);
                }
            }
        }
        let rows = best.into_iter().flatten().map(|trial| WayRow {
            way: trial.way.to_string(),
            took_s: trial.took.as_secs_f64(),
            longest_gap_s: trial.longest_gap.as_secs_f64(),
        });
        Ok(Self { beans: Self::BEANS, runs: Self::RUNS, rows: rows.collect() })
    }
}
