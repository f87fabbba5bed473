//! The shop as a process, and clients who mean no good: real sockets, two processes, wide bounds.

mod ending;
mod flags;
mod hostile;
mod page;
mod support;
