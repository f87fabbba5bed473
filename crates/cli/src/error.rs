use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// What can go wrong when an example runs. Each message ends with what to do.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// Another shop of this workshop listens on the port.
    #[error(
        "port {port} is taken: {shop} is still running in another terminal. Close it there with \
         Ctrl-C, or open this one beside it: --port {}", port.wrapping_add(1).max(1024)
    )]
    TakenByShop {
        /// The port that is taken.
        port: u16,
        /// What the other shop says it is.
        shop: String,
    },
    /// Another program listens on the port.
    #[error(
        "port {port} is taken by another program. To see which: {}. Or choose another port: \
         --port {}", who_listens(*port), port.wrapping_add(1).max(1024)
    )]
    Taken {
        /// The port that is taken.
        port: u16,
    },
    /// The shop cannot listen for another reason.
    #[error(
        "the shop cannot open on {address}, port {port}: {source}. Leave out --address to open \
         it on this machine, and choose a port from 1024 up"
    )]
    Listen {
        /// The address asked for.
        address: String,
        /// The port asked for.
        port: u16,
        /// What the operating system says.
        source: io::Error,
    },
    /// The picture cannot be written.
    #[error("the picture {path} cannot be written: {source}. Choose another file with --svg", path = path.display())]
    Picture {
        /// Where the picture should be.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// The output cannot be written; that somebody closed it is not an error.
    #[error("the output cannot be written: {source}. Look where it goes, a full disk perhaps")]
    Output {
        /// What the operating system says.
        source: io::Error,
    },
    /// Tokio cannot start its threads, or the operating system refuses a signal handler.
    #[error(
        "the operating system refuses what the shop needs to run: {source}. Close other programs and try again"
    )]
    System {
        /// What the operating system says.
        source: io::Error,
    },
}

fn who_listens(port: u16) -> String {
    if cfg!(windows) {
        format!("netstat -ano | findstr :{port}")
    } else {
        format!("lsof -i :{port}")
    }
}
