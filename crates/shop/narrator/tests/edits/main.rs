//! What the examples say of a step that a learner has edited: each edit is compiled here, and run
//! under the lesson that it was made in.

mod arranged;
mod blocked;
mod lost;
mod support;
