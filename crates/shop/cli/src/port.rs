use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use counter::Listener;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::join;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::error::Error;

/// Listens, or finds out why that is not possible.
pub(crate) async fn listen(
    address: Option<IpAddr>,
    port: u16,
    step: u8,
) -> Result<Listener, Error> {
    let listener = match address {
        Some(address) => Listener::on(address, port).await,
        None => Listener::on_localhost(port).await,
    };
    match listener {
        Ok(listener) => Ok(listener),
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            Err(match shop_on(address, port).await {
                Some(shop) => Error::TakenByShop { port, shop, step },
                None => Error::Taken { port, step },
            })
        }
        Err(source) => Err(match address {
            Some(address) => Error::Address { address, port, source },
            None => Error::Listen { port, step, source },
        }),
    }
}

/// Asks the program that listens on the port whether it is a shop, and of which step. A program that does
/// not answer within a second is none.
async fn shop_on(address: Option<IpAddr>, port: u16) -> Option<String> {
    let (v4, v6) = (Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into());
    let (one, other) = match address {
        Some(address) if !address.is_unspecified() => (address, address),
        _ => (v4, v6),
    };
    // At the same time: to find out that no program listens takes long on some systems.
    let (one, other) = join!(ask(one, port), ask(other, port));
    one.or(other)
}

async fn ask(address: IpAddr, port: u16) -> Option<String> {
    let ask = async {
        let mut stream = TcpStream::connect((address, port)).await.ok()?;
        stream
            .write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            .await
            .ok()?;
        let mut head = Vec::new();
        stream.take(4096).read_to_end(&mut head).await.ok()?;
        let head = String::from_utf8_lossy(&head);
        counter::sign(&head).map(str::to_owned)
    };
    timeout(Duration::from_secs(1), ask).await.ok().flatten()
}
