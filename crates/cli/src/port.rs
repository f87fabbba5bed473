use std::io::ErrorKind;
use std::net::IpAddr;
use std::time::Duration;

use counter::Listener;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::Error;

/// Listens, or finds out why that is not possible.
pub(crate) async fn listen(address: Option<IpAddr>, port: u16) -> Result<Listener, Error> {
    let listener = match address {
        Some(address) => Listener::on(address, port).await,
        None => Listener::on_localhost(port).await,
    };
    match listener {
        Ok(listener) => Ok(listener),
        Err(error) if error.kind() == ErrorKind::AddrInUse => Err(match shop_on(port).await {
            Some(shop) => Error::TakenByShop { port, shop },
            None => Error::Taken { port },
        }),
        Err(source) => {
            let address = address.map_or("localhost".to_owned(), |address| address.to_string());
            Err(Error::Listen { address, port, source })
        }
    }
}

/// Asks whoever listens on the port whether it is a shop, and of which step. A program that does
/// not answer within half a second is none.
async fn shop_on(port: u16) -> Option<String> {
    let ask = async {
        let mut stream = TcpStream::connect(("localhost", port)).await.ok()?;
        let request =
            format!("GET / HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.ok()?;
        let mut head = Vec::new();
        stream.take(4096).read_to_end(&mut head).await.ok()?;
        let head = String::from_utf8_lossy(&head);
        let server = head.lines().find_map(|line| line.strip_prefix("server: coffee-shop ("))?;
        Some(server.strip_suffix(')')?.to_owned())
    };
    timeout(Duration::from_millis(500), ask).await.ok().flatten()
}
