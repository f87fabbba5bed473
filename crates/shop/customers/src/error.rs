use std::io;
use std::time::Duration;

use rush::{Address, Answer, Failure};
use thiserror::Error;

use crate::output::Closed;

/// Why the customers could not be sent. Each message ends with what to do.
#[derive(Debug, Error)]
pub(crate) enum Error {
    #[error("no shop can be reached at {0}: {1}. Open one: cargo run --release --example step6")]
    NoShop(Address, Failure),
    #[error(
        "what answers at {0} is no coffee shop: it said {status} to /serve-customer{said}, without \
         the header of a shop. Look at the address",
        status = .1.status.as_u16(), said = said(.1)
    )]
    Foreign(Address, Box<Answer>),
    #[error("what answers at {0} is no coffee shop: {1}. Look at the address")]
    Garbage(Address, Failure),
    #[error(
        "{0} of {1} answers did not come from a coffee shop. Look at the statuses, and at what is \
         between here and the shop"
    )]
    SomeGarbage(u64, u64),
    #[error(
        "the shop did not come back within {} s. Look at its log, or wait longer with \
         --back-within", .0.as_secs_f64()
    )]
    NotBack(Duration),
    #[error("stopped at the --time-limit of {} s. Try a longer one", .0.as_secs_f64())]
    TimeOver(Duration),
    #[error(
        "{0} connections at once are more than this system allows a process, {1}. Try \
         --concurrency {1}, or raise the limit: ulimit -n {more}", more = .0 + 32
    )]
    Descriptors(u32, u64),
    #[error(transparent)]
    Closed(#[from] Closed),
    #[error("the output cannot be written: {0}. Look where it goes, a full disk perhaps")]
    Output(io::Error),
    #[error("the operating system refuses what is needed: {0}. Close other programs and try again")]
    System(io::Error),
}

fn said(answer: &Answer) -> String {
    match answer.line().as_str() {
        "" => String::new(),
        line => format!(", \"{line:.60}\""),
    }
}
