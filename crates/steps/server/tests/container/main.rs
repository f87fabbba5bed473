//! The image, its containers and the pods of the overlays, for real: podman, limits that the kernel
//! enforces, and clients on the loopback. `docker/check.sh` builds the image and runs these tests, because
//! `cargo test` alone must need nothing but Rust.
//!
//! `--nocapture` shows what was measured.

mod client;
mod compose;
mod container;
mod figures;
mod ingress;
mod limits;
mod overlay;
mod replicas;
mod shop;
mod wait;
