//! The examiner runs what an attendee wrote and judges it by what happened in the shop.
//!
//! One function for each exercise takes the attendee's function, lets it work in shops whose order
//! logs only the examiner holds, looks at the events and their times, and gives the exit code that
//! says whether the exercise is passed. That is exact and takes no time, because the clock is
//! paused, and it cannot be passed by returning early, by sleeping or by printing: in some of the
//! shops customers take different times, and no sleep is right for all. Only
//! [`grinder_that_stops_the_shop`] needs the real clock: work does not move a paused one.
//!
//! # The verdict
//!
//! An exercise that is run by itself prints its timeline and its verdict. The workshop's runner
//! asks for them in a file instead, with [`verdict::REPORT`].
//!
//! # Where it stops
//!
//! It trusts the attendee's `main` to hand in the attendee's own function. It is no defence against
//! an attendee who writes code for the examiner instead of for the shop.
//!
//! # Reading order
//!
//! `shops`, how long things take; `sitting`, one run on a paused clock, with `panics`; `look`, the
//! questions one asks of a timeline; `card`, `turns` and `interleaved`, which make a race certain;
//! `exams`, a file for each exercise; `announce`, how the verdict gets out.

mod panics;
mod shops;

mod look;
mod sitting;

pub mod card;
mod interleaved;
mod turns;

mod exams;

mod announce;

pub use exams::board::{BARISTAS, BOARD, Queue, order_board};
pub use exams::cancel_safe::cancel_safe;
pub use exams::closing::closing_time;
pub use exams::grinding::grinder_that_stops_the_shop;
pub use exams::in_turn::in_turn;
pub use exams::joined::joined;
pub use exams::leaving::{PATIENCE, leaving};
pub use exams::loyalty::loyalty_counter;
pub use exams::machines::{MACHINES, two_machines};
pub use exams::nested::nested_joins;
pub use exams::one_fails::{Declined, Receipt, Till, one_fails};
pub use exams::sendable::sendable;
pub use exams::spawned::{Prediction, spawned};

#[doc(hidden)]
pub use announce::compiled_from;

/// Hands the attendee's functions in to the exam with this name, for instance
/// `examiner::exam!(in_turn(serve))`, and gives the exit code.
///
/// A macro, so that the attendee's file mentions [`verdict::SOURCE`] when it is compiled: then cargo
/// compiles it whenever its content has changed, and the report says which content it is about.
#[macro_export]
macro_rules! exam {
    ($exam:ident($($answer:expr),* $(,)?)) => {{
        $crate::compiled_from(option_env!("WORKSHOP_SOURCE"));
        $crate::$exam($($answer),*)
    }};
}
