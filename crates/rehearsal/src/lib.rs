//! Steps 7 to 10 without a cluster.
//!
//! Each step reads its own overlay from `k8s/`, starts that many shops as processes of this
//! machine, puts the step's customers through them, and prints what the talk reported beside what
//! happened here, then how to do the same for real. The manifest is the only source of limits and
//! replicas: change it, and the rehearsal changes.
//!
//! A memory limit is rehearsed by watching the resident memory of a shop every 10 ms from outside,
//! and killing the shop past the limit; in a cluster the kernel does that, at the byte. A killed
//! shop is restarted with the back-off of a kubelet, ten times as fast. A CPU limit is not
//! rehearsed: that takes the kernel. What a Service and an Ingress do, `service` does for the
//! replicas that say they are ready.
//!
//! `cargo run --release --example step8`
//!
//! # Reading order
//!
//! `overlay` merges the manifests as kustomize does, `deployment` is what they ask for, read from
//! their `fields` in the numbers of `quantity`. `pod` is one replica, and its `kubelet` watches it
//! on the scales of `memory`, restarts it as `backoff` says, and bids it `farewell`; `process` is
//! the shop in it, and `shop` the same from inside. `service` spreads orders over pods, and a
//! `crowd` sends them. `ladder` is the story of steps 7 to 9 and `replicas` that of step 10, beside
//! what the `talk` reported; `show` says which step is which, and `stage` prints it. `run` does
//! what `args` say, and `error` has the sentences for when it cannot.

mod deployment;
mod fields;
mod overlay;
mod quantity;

mod backoff;
mod farewell;
mod kubelet;
mod memory;
mod pod;
mod process;
mod shop;

mod service;

mod crowd;
mod ladder;
mod replicas;
mod show;
mod stage;
mod talk;

mod args;
mod run;

mod error;

pub use backoff::BackOff;
pub use deployment::{Deployment, Resources};
pub use error::ManifestError;
pub use overlay::{built, overlay};
pub use quantity::Quantity;
pub use run::run;
