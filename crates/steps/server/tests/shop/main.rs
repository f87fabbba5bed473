//! The shop without a socket, on a paused clock: exact times, at once.

mod capacity;
mod closing;
mod metrics;
mod mix;
mod panic;
mod support;
