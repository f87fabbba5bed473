//! Figures that are more than numbers: measured ones with the machine, the compiler, the day and the
//! command that takes them again; quoted ones with their source. And the process of its own in which a
//! figure is taken, because a peak of memory belongs to a process and never falls.
//!
//! Exact figures, which come from a paused clock alone, need none of this.
//!
//! # Reading order
//!
//! `taken` says where and when, `data` keeps figures in files, and `quoted` reads those of others.
//! `cost` is what work costs this process, `cell` runs it in another one, and `spread` puts several
//! runs into one figure.

mod data;
mod quoted;
mod taken;

mod cell;
mod cost;
mod spread;

pub use cell::{CellError, own_process, tell};
pub use cost::{Cost, Meter, wall_clock};
pub use data::{Data, DataError};
pub use quoted::{Quoted, Value};
pub use spread::{Spread, median};
pub use taken::Taken;
