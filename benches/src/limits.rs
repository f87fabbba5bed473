//! What the container of step 6 did under limits that the kernel enforces.

use std::fmt;
use std::io;

use measured::{Data, Taken};
use serde::{Deserialize, Serialize};

/// What was measured of the image and its containers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Limits {
    /// Where and when.
    pub taken: Taken,
    /// The size of the image, in bytes.
    pub image_bytes: u64,
    /// Resident memory of the shop while it is idle, in bytes.
    pub idle_bytes: u64,
    /// From the start of the process until it listens, in seconds of wall time; the median.
    pub ready_s: f64,
    /// The orders, as they were measured.
    pub orders: Vec<Order>,
}

impl Data for Limits {
    const FILE: &'static str = "limits.json";
    const COMMAND: &'static str = "docker/check.sh --save";
}

/// One request to a container.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// The memory limit, in words.
    pub limit: String,
    /// The step that served.
    pub step: String,
    /// How many customers it brought.
    pub customers: u32,
    /// The status; none if the container was killed.
    pub status: Option<u16>,
    /// Until the answer or the end, in seconds of wall time.
    pub took_s: f64,
    /// The most memory that the kernel had counted by then, in bytes; none if it was killed.
    pub peak_bytes: Option<u64>,
}

/// A line that the tests write.
#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Image { image_bytes: u64 },
    Idle { idle_bytes: u64 },
    Ready { ready_s: f64 },
    Order(Order),
}

impl Limits {
    /// From what the tests of the container write, an object a line.
    ///
    /// # Errors
    ///
    /// When a line is something else, or one is missing.
    pub fn of(text: &str, taken: Taken) -> io::Result<Self> {
        let (mut image, mut idle, mut ready, mut orders) = (None, None, None, Vec::new());
        for line in text.lines() {
            match serde_json::from_str(line)? {
                Line::Image { image_bytes } => image = Some(image_bytes),
                Line::Idle { idle_bytes } => idle = Some(idle_bytes),
                Line::Ready { ready_s } => ready = Some(ready_s),
                Line::Order(order) => orders.push(order),
            }
        }
        let (Some(image_bytes), Some(idle_bytes), Some(ready_s), false) =
            (image, idle, ready, orders.is_empty())
        else {
            return Err(io::Error::other("some of the tests have written nothing"));
        };
        Ok(Self { taken, image_bytes, idle_bytes, ready_s, orders })
    }

    /// The cells of a table: time and peak of this many customers, or how it ended.
    fn cells(&self, limit: &str, step: &str, customers: u32) -> String {
        let here = |order: &&Order| {
            (order.limit.as_str(), order.step.as_str(), order.customers) == (limit, step, customers)
        };
        match self.orders.iter().find(here) {
            Some(Order { peak_bytes: Some(peak), took_s, .. }) => {
                format!("{took_s:.2} s, {:.1} MB", *peak as f64 / 1e6)
            }
            Some(_) => "killed".to_owned(),
            None => format!("killed by {}", self.killed_by(limit, step)),
        }
    }

    fn killed_by(&self, limit: &str, step: &str) -> u32 {
        let last = |order: &&Order| (order.limit.as_str(), order.step.as_str()) == (limit, step);
        self.orders.iter().rfind(last).map_or(0, |order| order.customers)
    }
}

const LADDER: [u32; 7] = [3, 30, 300, 3_000, 10_000, 30_000, 3_000_000];
const COLUMNS: [(&str, &str); 6] = [
    ("10 MiB", "nested-joins"),
    ("10 MiB", "table"),
    ("3092 MB", "nested-joins"),
    ("3092 MB", "table"),
    ("none", "nested-joins"),
    ("none", "table"),
];

/// The table, each line ended.
impl fmt::Display for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = COLUMNS.map(|(limit, step)| format!("{limit}, {step}"));
        writeln!(f, "| customers | {} |", head.join(" | "))?;
        writeln!(f, "|---|{}", "---|".repeat(COLUMNS.len()))?;
        for customers in LADDER {
            let cells = COLUMNS.map(|(limit, step)| self.cells(limit, step, customers));
            writeln!(f, "| {customers} | {} |", cells.join(" | "))?;
        }
        Ok(())
    }
}

/// The page `docker/measured.md`.
#[must_use]
pub fn page(limits: &Limits) -> String {
    let Limits { taken, image_bytes, idle_bytes, ready_s, .. } = limits;
    format!(
        "# The container under limits\n\n\
         Memory limits that the kernel enforces, `--capacity unlimited`, and one request after \
         another,\neach with so many customers: the time until the answer, and the most memory that \
         the kernel had\ncounted by then. Below 10,000 customers that is what starting took.\n\n\
         {limits}\n\
         The image has {:.2} MB. Idle, the shop needs {:.1} MB of resident memory; from the start of \
         the\nprocess until it listens it takes {:.1} ms.\n\n\
         {}; again with\n`{}`.\n",
        *image_bytes as f64 / 1e6,
        *idle_bytes as f64 / 1e6,
        ready_s * 1e3,
        taken.caption(),
        taken.command,
    )
}
