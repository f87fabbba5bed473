use std::env;
use std::future::pending;
use std::io::{BufRead, stdin};
use std::process::{self, ExitCode};
use std::thread;

use tokio::sync::oneshot;

/// The environment variable that makes this program a shop instead of a rehearsal.
pub(crate) const SHOP: &str = "COFFEE_SHOP_OF_A_REHEARSAL";
/// The line that asks a shop to close in order, where there is no SIGTERM.
pub(crate) const CLOSE: &str = "close\n";

/// Whether this process was started as a shop.
pub(crate) fn is_shop() -> bool {
    env::var_os(SHOP).is_some()
}

/// Runs the shop of step 6, as its flags and environment say, for as long as the rehearsal lives.
pub(crate) fn serve() -> ExitCode {
    let (close, closing) = oneshot::channel();
    // A thread of its own, because reading standard input blocks. It ends with the process.
    thread::spawn(move || close_when_told(close));
    server::run_until("a shop of the rehearsal", async {
        if closing.await.is_err() {
            pending().await
        }
    })
}

/// Closes the shop in order at the line that asks for it, and ends the process when the rehearsal
/// is gone: it holds the other end of standard input, which the system closes however it ended.
fn close_when_told(close: oneshot::Sender<()>) {
    let mut close = Some(close);
    for line in stdin().lock().lines() {
        match (line, close.take()) {
            (Ok(line), Some(close)) if line.trim() == CLOSE.trim() => {
                let _ = close.send(());
            }
            (Ok(_), kept) => close = kept,
            (Err(_), _) => break,
        }
    }
    process::exit(1);
}
