//! The image and its containers, for real: podman, limits that the kernel enforces, and clients
//! on the loopback. `docker/check.sh` builds the image and runs these tests, one after another,
//! because `cargo test` alone must need nothing but Rust.
//!
//! `--nocapture` shows what was measured.

mod compose;
mod engine;
mod limits;
mod shop;
