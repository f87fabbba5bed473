use std::io;
use std::net::IpAddr;

use program::Failure;
use thiserror::Error;

/// Why a shop cannot open, or an example fails. Each message ends with what to do.
#[derive(Debug, Error)]
pub(crate) enum Error {
    /// Another shop of this workshop listens on the port.
    #[error(
        "port {port} is taken: {shop} is still running in another terminal. Close it there with \
         Ctrl-C, or open this one beside it: {}", elsewhere(*step, *port)
    )]
    TakenByShop {
        /// The port that is taken.
        port: u16,
        /// What the other shop says it is.
        shop: String,
        /// The step of this shop.
        step: u8,
    },
    /// Another program listens on the port.
    #[error(
        "port {port} is taken by another program. To see which: {}. Or choose another port: {}",
        who_listens(*port), elsewhere(*step, *port)
    )]
    Taken {
        /// The port that is taken.
        port: u16,
        /// The step of this shop.
        step: u8,
    },
    /// The shop cannot listen on this machine, for another reason.
    #[error("the shop cannot open on port {port}: {source}. Choose another: {}", elsewhere(*step, 8079))]
    Listen {
        /// The port asked for.
        port: u16,
        /// The step of this shop.
        step: u8,
        /// What the operating system says.
        source: io::Error,
    },
    /// The shop cannot listen on the address asked for.
    #[error(
        "the shop cannot open on {address}, port {port}: {source}. Leave out --address to open \
         it on this machine, or --port to open it on 8080"
    )]
    Address {
        /// The address asked for.
        address: IpAddr,
        /// The port asked for.
        port: u16,
        /// What the operating system says.
        source: io::Error,
    },
    /// What can fail in any example.
    #[error(transparent)]
    Example(#[from] narrator::Error),
}

impl Error {
    /// The failure with which the program ends.
    pub(crate) fn into_failure(self) -> Failure {
        match self {
            Self::Example(error) => error.into_failure(),
            error => error.into(),
        }
    }
}

fn elsewhere(step: u8, port: u16) -> String {
    let next = port.wrapping_add(1).max(1024);
    format!("cargo run --example step{step} -- --port {next}")
}

fn who_listens(port: u16) -> String {
    if cfg!(windows) {
        format!("netstat -ano | findstr :{port}")
    } else {
        format!("lsof -i :{port}")
    }
}
