use std::io;
use std::net::SocketAddr;

use thiserror::Error;

/// Why the shop cannot open, or its health check fails. Each message ends with what to do.
#[derive(Debug, Error)]
pub(crate) enum Error {
    /// Another program listens on the port.
    #[error(
        "port {port} is taken by another shop or program. Close it (a shop with Ctrl-C in its \
         terminal), or choose another port with --port {}", port.wrapping_add(1).max(1024)
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
    /// No answer to a health check.
    #[error("no shop answers on {address}: {source}. Look at --address and --port, or start it")]
    Silent {
        /// Where it was asked.
        address: SocketAddr,
        /// What the operating system says.
        source: io::Error,
    },
    /// A health check got another answer than 200.
    #[error(
        "the program that listens on {address} does not answer /healthz with 200. Look at its log"
    )]
    Sick {
        /// Where it was asked.
        address: SocketAddr,
    },
}
