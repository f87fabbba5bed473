//! Steps 7 to 10 without a cluster.
//!
//! Each step reads its own overlay from `k8s/`, starts that many shops as processes of this
//! machine, puts the step's customers through them, and prints what the talk reported beside what
//! happened here, then how to do the same for real. The manifest is the only source of limits and
//! replicas: change it, and the rehearsal changes.
//!
//! A memory limit is rehearsed by watching the resident memory of a shop every 10 ms from outside,
//! and killing a shop past the limit; in a cluster the kernel does that, at the byte. A killed
//! shop is restarted with the back-off of a kubelet, ten times as fast. A CPU limit is not
//! rehearsed: that takes the kernel. What a Service and an Ingress do, `service` does for the
//! replicas that say they are ready.
//!
//! `cargo run --release --example step8`
//!
//! # Reading order
//!
//! `source` and `yaml` read the files, and `overlay` lays them over one another with `merge`, as
//! kustomize does, to a `manifest`. `grammar` says which fields are rehearsed, named or refused;
//! `deployment` is what the rest asks for, read from its `fields` as `resources` in the numbers of
//! `quantity`, and as an `environment`. `pod` is one replica, made from
//! a `spec`, with a `status`; its `kubelet` watches the `memory` of its `process`, restarts it as
//! `backoff` says, and ends it in the phases of `termination`; `shop` is that process from inside.
//! `service` spreads orders over pods, and a `crowd` sends them. `ladder` is the story of steps 7 to
//! 9 and `replicas` that of step 10, beside what the `talk` reported. A `scenario` is a step, a
//! `rehearsal` puts it on the shops of a manifest, and `progress` prints it. `run` does what `args`
//! say, and `error` has the sentences for when it cannot.

mod deployment;
mod environment;
mod fields;
mod grammar;
mod manifest;
mod merge;
mod overlay;
mod quantity;
mod resources;
mod source;
mod yaml;

mod backoff;
mod kubelet;
mod memory;
mod pod;
mod process;
mod shop;
mod spec;
mod status;
mod termination;

mod service;

mod crowd;
mod ladder;
mod progress;
mod rehearsal;
mod replicas;
mod scenario;
mod talk;

mod args;
mod run;

mod error;

pub use backoff::BackOff;
pub use deployment::Deployment;
pub use error::ManifestError;
pub use manifest::Manifest;
pub use overlay::{built, overlay};
pub use quantity::Quantity;
pub use resources::Resources;
pub use run::run;
pub use scenario::{STEP_7, STEP_8, STEP_9, STEP_10, Scenario};
