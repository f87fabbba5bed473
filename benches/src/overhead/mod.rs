//! What concurrency itself costs: time beyond the waiting, and memory, for each customer.

mod cell;
mod table;
mod ways;

pub use cell::{Cell, Outcome, run};
pub use table::{Allocator, Overhead, Row};
pub use ways::Way;

/// Why the table looks as it does.
pub const WHY: &str = include_str!("why.txt");
