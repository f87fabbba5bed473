//! Case study: a service that mints packs of collectibles on a chain, where the scarce thing is a key.
//!
//! Every transaction is signed with one of the account's proposal keys, whose sequence numbers must be
//! used in order, and the key is busy until the transaction is sealed, seconds later. So as many
//! transactions are in flight as there are keys: a thousand tasks change nothing about that.
//!
//! The stages follow the second half of the talk "Building Scalable Deployments with Multiple
//! Goroutines" (GopherCon UK 2022) and the public history of the service that it shows; each has the
//! bug that the original had there, and a test that proves it.
//!
//! # Reading order
//!
//! `deal` makes packs, `chain` is the simulated chain and `store` what the service remembers. `roles` is
//! what all stages do alike, and then come the stages, which differ in how they send. `world` is what a
//! stage is given from outside, `stage` the stages by name, `exact` what they take on a paused clock, and `drawing` shows it.

pub mod chain;
pub mod deal;
pub mod store;

mod pace;
mod ring;
mod role;
mod trouble;
mod world;

mod roles;

pub mod s1_one_loop;
pub mod s2_four_pollers;
pub mod s3_fan_out;
pub mod s4_roles;
pub mod s5_keys;

mod drawing;
mod exact;
mod stage;

pub use drawing::timeline;
pub use exact::{Minted, Plan, minted};
pub use role::Role;
pub use stage::Stage;
pub use trouble::Trouble;
pub use world::{Settings, World};
