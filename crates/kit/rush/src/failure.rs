use std::io::{self, ErrorKind};
use std::time::Duration;

use thiserror::Error;

/// How a request ended without an answer.
#[derive(Debug, Error)]
pub enum Failure {
    /// Nobody listens, or whoever did went away while the connection was made: the request was
    /// never sent.
    #[error("nobody listens there")]
    Refused,
    /// There is no way there: the request was never sent.
    #[error("there is no way there: {0}")]
    Unreachable(#[source] io::Error),
    /// The connection was accepted, and ended without an answer.
    #[error("the connection ended without an answer")]
    Died,
    /// What came is not HTTP, or is endless.
    #[error("what answered does not speak HTTP as a shop does")]
    NotHttp,
    /// No answer in time, in real time.
    #[error("no answer within {} s", .0.as_secs_f64())]
    TimedOut(Duration),
}

impl Failure {
    pub(crate) fn connecting(error: io::Error) -> Self {
        match error.kind() {
            // A listener that closes resets the connections that it has not accepted yet.
            ErrorKind::ConnectionRefused
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted => Self::Refused,
            _ => Self::Unreachable(error),
        }
    }

    /// A word or two for a table.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Unreachable(_) => "unreachable",
            Self::Died => "died",
            Self::NotHttp => "not HTTP",
            Self::TimedOut(_) => "timed out",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A replica that is killed does both, by chance: an order that was not sent may go elsewhere.
    #[test]
    fn a_connection_that_is_reset_before_it_is_made_was_refused() {
        for kind in [ErrorKind::ConnectionRefused, ErrorKind::ConnectionReset] {
            let failure = Failure::connecting(kind.into());
            assert!(matches!(failure, Failure::Refused), "{kind}: {failure}");
        }
        let failure = Failure::connecting(ErrorKind::NetworkUnreachable.into());
        assert!(matches!(failure, Failure::Unreachable(_)), "{failure}");
    }
}
