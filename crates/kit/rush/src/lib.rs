//! A load engine: many requests to one HTTP service, in a closed or an open loop.
//!
//! In a closed loop each client sends its next request when its last one has ended, so a slow
//! service is asked less often. In an open loop requests are due at a steady rate whatever the
//! service does, and a latency counts from when its request was due, so that a service which
//! stalls cannot hide it. Everything has a bound, in number and in time.
//!
//! The engine knows nothing of the service: its caller gives the requests, and a check of each
//! answer. It asks the one address that it is given: it follows no redirect, uses no proxy, and
//! speaks HTTP/1 without encryption.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use std::time::Duration;
//! use rush::{Client, Plan, Report, Request, Verdict, load};
//!
//! let client = Client::new("http://localhost:8080".parse()?, Duration::from_secs(10));
//! let request = Request::post("/events", r#"{"id": 1}"#)?;
//! let plan = Plan::open(1_000.0, 256).requests(60_000);
//! let check = |answer: &rush::Answer| match answer.status.as_u16() {
//!     202 => Verdict::Expected,
//!     _ => Verdict::Refused,
//! };
//! let mut report = Report::default();
//! load(&client, move |_| request.clone(), check, &plan, &mut report, |_| ()).await?;
//! println!("{report}: {}", report.latencies().unwrap_or_default());
//! # Ok(())
//! # }
//! ```
//!
//! # Reading order
//!
//! `address` is where a service is, and `client` sends it one `request`; `answer` and `failure` are
//! the ways in which that ends, and a `verdict` says what an answer means. `plan` says how many requests there are and how they are paced,
//! `engine` sends them to any target, `load` to an HTTP service, and `report` counts what came
//! of it.

mod address;
mod answer;
mod client;
mod failure;
mod request;
mod verdict;

mod descriptors;
mod engine;
mod load;
mod plan;
mod report;

pub use address::{Address, AddressError};
pub use answer::{Answer, printable};
pub use client::{Client, Connection};
pub use descriptors::max_connections;
pub use engine::{Sent, Target, send};
pub use failure::Failure;
pub use load::{Foreign, load};
pub use plan::{Pace, Plan};
pub use report::Report;
pub use request::{Request, RequestError};
pub use verdict::Verdict;
