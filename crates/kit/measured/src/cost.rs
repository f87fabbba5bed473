use std::fs;
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;
use serde::{Deserialize, Serialize};

/// What some work has cost the process that did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// Wall time.
    pub wall: Duration,
    /// CPU time of all threads together.
    pub cpu: Duration,
    /// The most memory that was ever resident in the process, in bytes; `None` where the operating
    /// system does not tell.
    pub peak: Option<u64>,
    /// How much of it was resident before the work began, in bytes.
    pub before: Option<u64>,
}

/// Measures the work that is done between its start and its end, in this process. A process is
/// measured once: its peak of memory never falls.
#[derive(Clone, Copy, Debug)]
pub struct Meter {
    wall: Instant,
    cpu: ProcessTime,
    before: Option<u64>,
}

impl Meter {
    /// Starts to measure.
    #[must_use]
    pub fn start() -> Self {
        Self { before: memory("VmRSS"), cpu: ProcessTime::now(), wall: wall_clock() }
    }

    /// What was done since then has cost this.
    #[must_use]
    pub fn stop(&self) -> Cost {
        let (wall, cpu) = (self.wall.elapsed(), self.cpu.elapsed());
        Cost { wall, cpu, peak: memory("VmHWM"), before: self.before }
    }
}

impl Cost {
    /// How much memory the work added at its peak, in bytes.
    #[must_use]
    pub fn added(&self) -> Option<u64> {
        Some(self.peak?.saturating_sub(self.before?))
    }
}

/// The clock on the wall, for work, which a paused clock cannot see.
#[expect(clippy::disallowed_methods, reason = "the paused clock cannot see the work, this can")]
#[must_use]
pub fn wall_clock() -> Instant {
    Instant::now()
}

/// What Linux says about this process's memory, in bytes: `VmRSS` is what is resident now, `VmHWM`
/// the most there ever was. (The peak that `getrusage` knows may be the parent's.)
fn memory(what: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(what))?;
    let kib: u64 = line.trim_start_matches(':').trim_end_matches("kB").trim().parse().ok()?;
    Some(kib * 1024)
}
