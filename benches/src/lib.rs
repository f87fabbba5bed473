//! What the steps cost, and how it is measured.
//!
//! Three benches stand beside this library, which holds what they, the charts and the tests
//! share:
//!
//! - `serve_customers.rs`: how long N customers take in each step, in *shop time*, with criterion;
//! - `overhead.rs`: what concurrency itself costs for each customer, in wall time and memory;
//! - `grind.rs`: work on one core and on more, and waiting on threads, in wall time, with
//!   criterion.
//!
//! The program `charts` draws the pictures of the README and of the slides, `latency` from the
//! paused clock and the others from the files in `data`, which the benches write when they are
//! asked to `--save`, through `kit/measured`. The tests draw them again and compare each byte, so a picture shows what
//! its file says and an exact figure stays exact. `check.sh` is what CI runs of all this.
//!
//! # Reading order
//!
//! `serving` and `shop_time`, what is exact; `overhead`, `grinding` and `waiting`, what is
//! measured; `figures` and `criterion_files`, how it is shown; `charts`, how it is drawn, and
//! `report`, the page that the room sees.

mod serving;
mod shop_time;

pub mod grinding;
pub mod limits;
pub mod overhead;
pub mod waiting;

mod criterion_files;
mod figures;
mod report;

pub mod charts;

pub use criterion_files::{criterion_home, draws_report, report_sentence};
pub use figures::{Curve, Figures, at, readable};
pub use report::serve_customers_page;
pub use serving::{CUSTOMERS, Served, exactly, paused, until_last_coffee};
pub use shop_time::{ShopTime, Start};
