//! A browser that watches does not keep the shop open: over a real socket and on the real clock,
//! because a paused one misfires on sockets.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use coffee::Durations;
use counter::{Counter, Listener};
use menu::Step;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::time::{Instant, timeout};

/// Far longer than a test may take: the shop must not wait for it.
const GRACE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_shop_that_closes_ends_the_event_streams_at_once() {
    let listener = Listener::on_localhost(0).await.expect("a free port");
    let address = (Ipv4Addr::LOCALHOST, listener.port());
    let (step, durations) = (Step::Joined, Durations::default());
    let mut counter =
        Counter { step, offered: vec![], durations, max_customers: 9, audience: vec![] };
    let (live, publisher) = live::open(&counter, 9);
    counter.audience.push(Arc::new(live.clone()));
    let router = counter::router(counter).merge(live::router(live));
    let (close, closing) = oneshot::channel();
    let closing = async {
        tokio::select! {
            asked = closing => asked.expect("the test closes the shop"),
            () = publisher.run() => {}
        }
    };
    let shop = tokio::spawn(serving::serve(listener, router, counter::limits(GRACE), closing));

    let mut streams = Vec::new();
    for _ in 0..3 {
        let mut stream = TcpStream::connect(address).await.expect("the shop is open");
        stream.write_all(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n").await.expect("sent");
        let mut byte = [0];
        stream.read_exact(&mut byte).await.expect("the stream has begun");
        streams.push(stream);
    }
    let began = Instant::now();
    close.send(()).expect("the shop is still open");
    for mut stream in streams {
        let mut rest = String::new();
        let ended = timeout(GRACE / 2, stream.read_to_string(&mut rest)).await;
        ended.expect("it ends").expect("and without an error");
        assert!(rest.ends_with("\r\n0\r\n\r\n"), "the stream ends, it is not cut off: {rest}");
    }
    assert_eq!(shop.await.expect("it does not panic"), 0, "nothing was aborted");
    assert!(began.elapsed() < GRACE / 4, "{:?}", began.elapsed());
}
