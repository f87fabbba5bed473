use std::io::{self, ErrorKind};
use std::time::Duration;

use thiserror::Error;

/// How a request ended without an answer.
#[derive(Debug, Error)]
pub enum Failure {
    /// No program listens, or it went away while the connection was made: the request was never
    /// sent.
    #[error("the connection was refused")]
    Refused,
    /// The host cannot be reached, or its name is unknown: the request was never sent.
    #[error("the host cannot be reached: {0}")]
    Unreachable(#[source] io::Error),
    /// The connection was accepted, and ended without a whole answer.
    #[error("the connection ended without an answer")]
    Died,
    /// What came is not HTTP.
    #[error("what answered does not speak HTTP")]
    NotHttp,
    /// The head or the body of the answer is longer than so many bytes.
    #[error("the answer is longer than {} kB, or endless", .0 / 1000)]
    TooLong(usize),
    /// No whole answer in time, in wall time.
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
            Self::TooLong(_) => "too long",
            Self::TimedOut(_) => "timed out",
        }
    }

    /// Whether something answered, and not as an HTTP service does.
    #[must_use]
    pub const fn is_garbage(&self) -> bool {
        matches!(self, Self::NotHttp | Self::TooLong(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server that is killed does both, by chance: a request that was not sent may go elsewhere.
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
