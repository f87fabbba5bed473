use std::future::poll_fn;
use std::io::{ErrorKind, Result};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::task::Poll;

use tokio::net::{TcpListener, TcpStream};

/// Where the shop listens: one address, or `localhost`, whichever way it resolves.
#[derive(Debug)]
pub struct Listener(Vec<TcpListener>);

impl Listener {
    /// Listens on one address. Port 0 means any free port. The error is the system's own,
    /// `AddrInUse` if the port is taken.
    pub async fn on(address: IpAddr, port: u16) -> Result<Self> {
        Ok(Self(vec![TcpListener::bind((address, port)).await?]))
    }

    /// Listens on `localhost`, which is `127.0.0.1` to some programs and `[::1]` to others: on
    /// one port of both, or of the one that this machine has. The error is as above.
    pub async fn on_localhost(port: u16) -> Result<Self> {
        let v4 = Self::on(Ipv4Addr::LOCALHOST.into(), port).await;
        let same = v4.as_ref().map_or(port, Self::port);
        match (v4, Self::on(Ipv6Addr::LOCALHOST.into(), same).await) {
            (Ok(v4), Ok(v6)) => Ok(Self(v4.0.into_iter().chain(v6.0).collect())),
            // Any port will do, and this one is free on one address only: try the next.
            (Ok(_), Err(taken)) if port == 0 && taken.kind() == ErrorKind::AddrInUse => {
                Box::pin(Self::on_localhost(0)).await
            }
            (Err(taken), _) | (_, Err(taken)) if taken.kind() == ErrorKind::AddrInUse => Err(taken),
            (one, other) => one.or(other),
        }
    }

    /// The port, 0 if there is none.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.0.first().and_then(|one| one.local_addr().ok()).map_or(0, |address| address.port())
    }

    /// The next connection. Cancel safe. The error is the system's own: out of descriptors, say.
    pub async fn accept(&self) -> Result<TcpStream> {
        let accept = poll_fn(|cx| {
            let mut polls = self.0.iter().map(|one| one.poll_accept(cx));
            polls.find(Poll::is_ready).unwrap_or(Poll::Pending)
        });
        accept.await.map(|(stream, _)| stream)
    }
}
