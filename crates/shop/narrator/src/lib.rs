//! What a step's example says while it serves: a [`Lesson`] is what there is to say of the step,
//! and a [`Narrator`] says it.
//!
//! Step 1 needs no more than this, and it is the first program that an attendee compiles, so there
//! is no server here: an open shop, and the flags of one, are in the crate `cli`.
//!
//! # Reading order
//!
//! `lesson` is a step as its example describes it, and `once` serves its customers. `narrator` has
//! the words, `visit` those of one request, and `terminal` prints them. What was seen is found in
//! the log: by `problems` and `waiting`, for the `customers` of whom it has records, and by
//! `real_time` beside it. `run` is step 1 as a program, whose `command_line` reads the `flags` and
//! prints the `usage`; `picture` is the file that `--svg` names, and `error` has the sentences for
//! when something fails.

mod lesson;
mod once;

mod narrator;
mod terminal;
mod visit;

mod customers;
mod problems;
mod real_time;
mod waiting;

mod command_line;
mod flags;
mod run;
mod usage;

mod picture;

mod error;

pub use command_line::{command_line, refuse};
pub use error::Error;
pub use flags::{Flags, Value};
pub use lesson::{Lesson, Shows};
pub use narrator::Narrator;
pub use once::{SHUTDOWN_WAIT, runtime, serve_once};
pub use run::serve_one;
pub use terminal::{Bar, Bars, Terminal};
pub use usage::{Flag, Usage};
pub use visit::Visit;
