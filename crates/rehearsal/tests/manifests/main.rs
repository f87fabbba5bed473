//! What is read from manifests, and what is refused.

mod as_kubectl;
mod files;
mod legal;
mod overlays;
mod public;
mod refused;
mod support;
