//! The charts of the README and of the slides, as SVG files that stand alone, in light and dark.
//!
//! `latency` is exact; `costs` and `work` are drawn from what was measured and kept.

mod costs;
mod latency;
mod work;

mod bars;
mod lines;

mod canvas;

pub use costs::overhead;
pub use latency::{last_coffee, latency};
pub use work::{five_ways, speed_up, waiting};
