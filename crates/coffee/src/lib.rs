//! The vocabulary of the workshop: a [`Shop`] takes [`Order`]s, an order goes through three
//! [`Action`]s, and an [`OrderLog`] keeps what happened when.
//!
//! The story and its three actions of two seconds come from the talk "Building Scalable
//! Deployments with Multiple Goroutines" (GopherCon UK 2022). How a shop serves its customers, one
//! after another or all at once, is not decided here: that is what the step crates are about, and
//! this crate knows nothing of them.
//!
//! ```
//! use coffee::{Durations, Keep, OrderLog, Shop};
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! let log = OrderLog::new(Keep::Everything);
//! let shop = Shop::with_log(Durations::default(), &log);
//! for order in shop.orders(2) {
//!     order.pay_for_coffee().await;
//!     order.make_espresso().await;
//!     order.steam_milk().await;
//! }
//! assert_eq!(log.answer().as_secs(), 12);
//! println!("{}", log.timeline().to_text(80, coffee::Ink::Plain));
//! # }
//! ```
//!
//! # Time
//!
//! Every duration in this crate is *shop time*, which is what tokio's clock says: real time in a
//! live run, exact and instant on a paused clock.
//!
//! # Reading order
//!
//! `action`, then `shop`, and `tray` for many orders at once. The log with its observers and drawings is that of the crate
//! [`timeline`], which knows nothing of coffee; `log` names it for the shop.

mod action;
mod log;
mod shop;
mod tray;

pub use action::{Action, Durations};
pub use log::{Batch, Event, OrderLog, Reading, Record, Timeline};
pub use shop::{Order, Orders, Shop};
pub use timeline::{Ink, Keep, Observer, Outcome, Panel, Phase, count, draw_svg, seconds, spoken};
pub use tray::Tray;
