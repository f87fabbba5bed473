//! The live page: the shop at work, in a browser, while it works.
//!
//! `GET /` is the page and `GET /events` what it draws, by server-sent events. There is one
//! source, the order log: a [`Live`] is one more [`Audience`](counter::Audience) of the counter,
//! so an order from `curl` shows up like one from the page, and two browsers see the same shop.
//!
//! What is sent is never a change but the state as it is now, at most 20 times a second, and its
//! size has a bound whatever the number of customers. So a viewer who comes late, or sleeps, or
//! reads slowly needs no help: the next frame says it all, the ones in between are gone, and
//! nothing queues. The shop waits for no viewer: an event of a few customers is written into a list
//! of at most 72 actions, and one of a crowd only counts.
//!
//! It shows one process. Several replicas would need a place where their frames meet, and a
//! page that is open on more screens than the `max_viewers` of [`open`] a fan-out in front of it.
//!
//! # Reading order
//!
//! `run` is what one request leaves behind, with `samples` if it is a large one; `board` holds
//! the runs, `publisher` makes frames of the board, `open` puts them together, `feed` sends the
//! frames to the viewers, `page` is the router, and `frame` is what a frame says. The page itself
//! is in `page/`, beside `src/`.

mod board;
mod run;
mod samples;

mod frame;
mod publisher;

mod open;

mod feed;
mod page;

pub use open::{Live, open};
pub use page::router;
pub use publisher::Publisher;
