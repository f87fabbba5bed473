//! The shop as a process, and hostile clients: real sockets, two processes, wide bounds.

mod attacked;
mod ending;
mod flags;
mod hostile;
mod page;
mod support;
