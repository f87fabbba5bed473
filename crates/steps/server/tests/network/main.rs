//! The shop as a process, and hostile clients: real sockets, two processes, wide bounds.

mod ending;
mod flags;
mod hostile;
mod page;
mod support;
