//! Exercise 8: the grinder that stops the shop.
//!
//! Everything so far waits. Grinding beans is work: while a thread grinds, it does nothing else. The
//! runtime of this shop has one worker, and customers are being served on it. Grind the sack of
//! beans so that they notice nothing.
//!
//! You need: `grinder::grind(&sack)`, which blocks its thread until the beans are ground, and
//! `tokio::task::spawn_blocking`, which has a thread for such work. Or `grinder::Pool`, which brings
//! rayon's threads, if you want all cores to grind.
//!
//! This exercise runs on the real clock: a paused one does not see work.

use std::process::ExitCode;

use grinder::{Error, Grounds, Sack};
use tokio::task::spawn_blocking;

async fn grind_beans(sack: Sack) -> Result<Grounds, Error> {
    todo!("grind the beans, and let the worker serve on")
}

fn main() -> ExitCode {
    examiner::exam!(grinder_that_stops_the_shop(grind_beans))
}
