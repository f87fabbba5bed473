use std::fmt;

use measured::{Data, Taken};
use serde::{Deserialize, Serialize};

use super::Way;
use crate::figures::readable;

/// What concurrency costs, measured: the rows of the table.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Overhead {
    /// Where and when.
    pub taken: Taken,
    /// The rows, in the order in which they were measured.
    pub rows: Vec<Row>,
}

impl Data for Overhead {
    const FILE: &'static str = "overhead.json";
    const COMMAND: &'static str = "cargo bench -p benches --bench overhead -- --save";
}

/// One way with one allocator for one number of customers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// How they were served.
    pub way: Way,
    /// What gave the memory.
    pub allocator: Allocator,
    /// How many customers.
    pub customers: u32,
    /// Wall time beyond the waiting, in seconds; none if it was given up.
    pub beyond_waiting_s: Option<f64>,
    /// The memory that serving added at its peak, in bytes; none if the system does not tell.
    pub peak_bytes: Option<u64>,
    /// How many customers had their coffee when it was given up.
    pub served: u32,
    /// When it would be given up, in seconds of wall time.
    pub limit_s: f64,
}

impl Row {
    /// Wall time beyond the waiting, in nanoseconds for each customer.
    #[must_use]
    pub fn ns_per_customer(&self) -> Option<f64> {
        self.beyond_waiting_s.map(|seconds| seconds * 1e9 / f64::from(self.customers))
    }

    /// Peak memory for each customer, in bytes.
    #[must_use]
    pub fn bytes_per_customer(&self) -> Option<f64> {
        self.peak_bytes.map(|bytes| bytes as f64 / f64::from(self.customers))
    }
}

/// What gives the memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Allocator {
    /// The operating system's.
    System,
    /// Microsoft's mimalloc.
    Mimalloc,
}

impl Allocator {
    /// Both.
    pub const ALL: [Self; 2] = [Self::System, Self::Mimalloc];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Mimalloc => "mimalloc",
        }
    }
}

/// The table, each line ended.
impl fmt::Display for Overhead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:24} {:9} {:>9} {:>15} {:>12} {:>14}",
            "way", "allocator", "customers", "beyond waiting", "ns/customer", "bytes/customer"
        )?;
        for row in &self.rows {
            let number = |value: Option<f64>| value.map_or("-".to_owned(), |v| format!("{v:.0}"));
            let beyond = match row.beyond_waiting_s {
                Some(seconds) => readable(seconds),
                None => format!("gave up, {:.0} s", row.limit_s),
            };
            writeln!(
                f,
                "{:24} {:9} {:>9} {beyond:>15} {:>12} {:>14}",
                row.way.name(),
                row.allocator.name(),
                row.customers,
                number(row.ns_per_customer()),
                number(row.bytes_per_customer()),
            )?;
            if row.beyond_waiting_s.is_none() {
                writeln!(f, "  until then {} of {} had coffee", row.served, row.customers)?;
            }
        }
        Ok(())
    }
}
