use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use crate::error::Error;

/// How long each of connecting, asking and hearing may take, in real time.
const PATIENCE: Duration = Duration::from_secs(2);

/// Asks the shop on that address and port whether it is well. Without a runtime: a process inside
/// a small container uses the container's memory.
pub(crate) fn health(address: Option<IpAddr>, port: u16) -> Result<(), Error> {
    // A shop that listens on all addresses is asked on this machine's own.
    let address = address.filter(|address| !address.is_unspecified());
    let address = SocketAddr::new(address.unwrap_or(Ipv4Addr::LOCALHOST.into()), port);
    let ask = || {
        let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")?;
        let mut status = [0; 12];
        stream.read_exact(&mut status)?;
        Ok(status)
    };
    match ask() {
        Ok(status) if &status == b"HTTP/1.1 200" => Ok(()),
        Ok(_) => Err(Error::Sick { address }),
        Err(source) => Err(Error::Silent { address, source }),
    }
}
