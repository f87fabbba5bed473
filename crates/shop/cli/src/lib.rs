//! What the examples share: an example says which step it shows and what to see in it, and a
//! [`Lesson`] does the rest.
//!
//! `lesson` runs it, once or as an open shop, and `args` are its flags; `house` and `visit` have
//! the words, `terminal` prints them; `interrupts`, `port` and `picture` ask something of the
//! operating system, and `error` has the sentences for when it refuses.

mod args;
mod lesson;

mod house;
mod terminal;
mod visit;

mod interrupts;
mod picture;
mod port;

mod error;

use error::Error;
pub use lesson::Lesson;
