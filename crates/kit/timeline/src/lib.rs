//! A log of spans in lanes, and its drawings.
//!
//! A *lane* is what is served: a customer, a connection, a key. A *span* is one thing that is done
//! for it, from its start to its end, of one [`Kind`]. A [`Log`] keeps what happened when, and a
//! [`Timeline`] is what the log says: as text for a terminal, as an SVG for a slide, as JSON for
//! programs, as records for assertions. The drawings of all logs are the same, whatever the kinds.
//!
//! ```
//! use timeline::{Keep, Kind, Log, Look};
//! # use std::time::Duration;
//!
//! #[derive(Clone, Copy, Debug, PartialEq, Eq)]
//! enum Hop {
//!     Dial,
//!     Answer,
//! }
//!
//! impl Kind for Hop {
//!     const ALL: &'static [Self] = &[Self::Dial, Self::Answer];
//!     const LANE: &'static str = "request";
//!     const PRODUCT: &'static str = "answer";
//!
//!     fn name(self) -> &'static str {
//!         match self {
//!             Self::Dial => "dial",
//!             Self::Answer => "answer",
//!         }
//!     }
//!
//!     fn look(self) -> Look {
//!         match self {
//!             Self::Dial => Look::GREEN.signed('+'),
//!             Self::Answer => Look::BROWN.signed('#'),
//!         }
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! let log = Log::new(Keep::Everything);
//! let request = log.lane();
//! request.run(Hop::Dial, tokio::time::sleep(Duration::from_millis(20))).await;
//! request.run(Hop::Answer, tokio::time::sleep(Duration::from_millis(40))).await;
//! request.serve();
//! log.answer();
//! assert_eq!(log.timeline().sentence(), "Took 60 milliseconds to serve 1 request");
//! println!("{}", log.timeline().to_text(80, timeline::Ink::Plain));
//! # }
//! ```
//!
//! # Time
//!
//! Every duration in this crate is what tokio's clock says: real time in a live run, exact and
//! instant on a paused clock. The workshop calls it *shop time*.
//!
//! # Reading order
//!
//! `kind` is what a program brings along, `event`, `batch` and `observer` what it may watch. `log`
//! is a handle of the `state`, which keeps what happens; `span` writes it there, and `group` for many
//! lanes at once. `timeline` is what a log looks like when one reads it, `drawing` has its two
//! pictures, and `json` the same for programs. `words` are numbers in words.

mod kind;
mod words;

mod batch;
mod event;
mod observer;

mod keep;
mod log;
mod place;
mod state;

mod group;
mod span;

mod drawing;
mod json;
mod timeline;

pub use batch::Batch;
pub use drawing::{Ink, Panel, draw_svg};
pub use event::{Event, Outcome, Phase};
pub use group::{Group, Places};
pub use keep::Keep;
pub use kind::{Kind, Look, Paint};
pub use log::Log;
pub use observer::{Observer, Reading};
pub use place::{Place, Slot};
pub use span::{Lane, Span, Traced};
pub use timeline::{Record, Timeline};
pub use words::{count, seconds, spoken};
