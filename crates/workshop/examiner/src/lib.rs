//! The examiner runs what an attendee wrote and judges it by what happened in the shop.
//!
//! One function for each exercise takes the attendee's function, lets it work in shops whose order
//! logs only the examiner holds, looks at the events and their times, and gives the exit code that
//! says whether the exercise is passed. That is exact and takes no time, because the clock is
//! paused, and it cannot be passed by returning early, by sleeping less or by printing. Only
//! [`grinder_that_stops_the_shop`] needs the real clock: work does not move a paused one.
//!
//! # The verdict
//!
//! An exercise that is run by itself prints its timeline and its verdict. The workshop's runner
//! asks for them in a file instead, with [`verdict::REPORT`].
//!
//! # Where it stops
//!
//! It trusts the attendee's `main` to hand in the attendee's own function. It holds nobody who
//! wants to deceive themselves.
//!
//! # Reading order
//!
//! `sitting`, one run on a paused clock, with `panics`; `look`, the questions one asks of a
//! timeline; `exams`, a file for each exercise; `announce`, how the verdict gets out.

mod look;
mod panics;
mod sitting;

mod exams;

mod announce;

pub use exams::board::{BARISTAS, BOARD, Queue, order_board};
pub use exams::closing::closing_time;
pub use exams::grinding::grinder_that_stops_the_shop;
pub use exams::in_turn::in_turn;
pub use exams::joined::joined;
pub use exams::leaving::{PATIENCE, leaving};
pub use exams::loyalty::loyalty_counter;
pub use exams::machines::{MACHINES, two_machines};
pub use exams::nested::nested_joins;
pub use exams::spawned::{Prediction, spawned};
