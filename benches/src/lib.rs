//! What the steps cost, and how it is measured.

mod criterion_files;
mod figures;
mod serving;
mod shop_time;

pub use criterion_files::{criterion_home, report_sentence};
pub use figures::{Figures, median, readable};
pub use serving::{CUSTOMERS, Served, exactly, paused, until_last_coffee};
pub use shop_time::{ShopTime, Start};
