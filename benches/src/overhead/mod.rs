//! What concurrency itself costs: time beyond the waiting, and memory, for each customer.

mod cell;
mod table;
mod ways;

pub use cell::{Cell, Outcome, run};
pub use table::{Allocator, Overhead, Row};
pub use ways::Way;

/// Table and reasons as the page `benches/overhead.md`.
#[must_use]
pub fn page(overhead: &Overhead) -> String {
    let (caption, command) = (overhead.taken.caption(), &overhead.taken.command);
    format!(
        "# What concurrency itself costs\n\n\
         All customers wait 2 s at the same time. What it takes beyond that is what concurrency\n\
         costs: wall time, and memory at the peak. With few customers, what is fixed weighs more\n\
         than what grows with them. Each row is the median of 3 processes, of the last two ways\n\
         just one.\n\n{caption}; again with\n`{command}`.\n\n\
         ```text\n{overhead}```\n\n{WHY}"
    )
}

/// Why the table looks as it does.
pub const WHY: &str = include_str!("why.txt");
