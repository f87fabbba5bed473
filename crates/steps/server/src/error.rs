use std::io;
use std::net::SocketAddr;

use thiserror::Error;

/// Why the shop cannot open, or is not well. Each message ends with what to do.
#[derive(Debug, Error)]
pub(crate) enum Error {
    /// Somebody else listens on the port.
    #[error(
        "port {port} is taken by another shop or program. Close that, a shop by Ctrl-C in its \
         terminal, or choose another port with --port {}", port.wrapping_add(1).max(1024)
    )]
    Taken {
        /// The port asked for.
        port: u16,
    },
    /// The system refuses to listen there.
    #[error("the shop cannot listen on port {port}: {source}. Look at --address and --port")]
    Listen {
        /// The port asked for.
        port: u16,
        /// What the operating system says.
        source: io::Error,
    },
    /// The system refuses threads or signals.
    #[error("the operating system refuses what the shop needs: {source}. Close other programs")]
    System {
        /// What the operating system says.
        source: io::Error,
    },
    /// Nobody answers a health check.
    #[error("no shop answers on {address}: {source}. Look at --address and --port, or start it")]
    Silent {
        /// Where it was asked.
        address: SocketAddr,
        /// What the operating system says.
        source: io::Error,
    },
    /// Something answers, and not that it is well.
    #[error("what listens on {address} does not say that it is well. Look at its log")]
    Sick {
        /// Where it was asked.
        address: SocketAddr,
    },
}
