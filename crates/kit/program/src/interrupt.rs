use std::convert::Infallible;
use std::io;
use std::thread;
use std::time::Duration;

use signal_hook::low_level;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;
use tokio::time::sleep;

use crate::End;

/// Ctrl-C and SIGTERM: the first asks the program to close, the second ends the process with exit
/// code 130.
///
/// The second does so whatever blocks: a thread of its own listens, and it ends the process
/// without flushing any output, so neither a worker that never yields nor a standard output that
/// nothing reads is in its way. Clones are handles to the same signals. A program makes one.
#[derive(Clone, Debug)]
pub struct Interrupt {
    signals: watch::Receiver<Signals>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Signals {
    None,
    One,
    Two,
}

impl Interrupt {
    /// Listens from now on, as long as the process lives: a handler that was installed once cannot
    /// be taken away, so without a listener Ctrl-C would be ignored. Needs no tokio runtime.
    ///
    /// # Errors
    ///
    /// If the operating system refuses the handlers or the thread.
    pub fn listen() -> io::Result<Self> {
        Self::listen_with_last_words(Duration::ZERO)
    }

    /// The same, and at the second signal a program that waits for [`insisted`](Self::insisted)
    /// has `last_words` (real time) to end in its own way. Then, or at the third signal, the
    /// process ends.
    ///
    /// # Errors
    ///
    /// If the operating system refuses the handlers or the thread.
    pub fn listen_with_last_words(last_words: Duration) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let incoming = {
            let _entered = runtime.enter();
            Incoming::listen()?
        };
        let (sender, signals) = watch::channel(Signals::None);
        thread::Builder::new()
            .name("interrupt".to_owned())
            .spawn(move || end_at_the_second(&runtime, incoming, &sender, last_words))?;
        Ok(Self { signals })
    }

    /// Done once the program was asked to close, also if that was before the call. Cancel safe.
    pub async fn requested(&self) {
        self.at_least(Signals::One).await;
    }

    /// Done once the program was told to end, which is at the second signal. Cancel safe.
    pub async fn insisted(&self) {
        self.at_least(Signals::Two).await;
    }

    /// Whether the program was asked to close.
    #[must_use]
    pub fn is_requested(&self) -> bool {
        *self.signals.borrow() >= Signals::One
    }

    async fn at_least(&self, wanted: Signals) {
        // The sender lives in the listening thread, and that as long as the process.
        let _ = self.signals.clone().wait_for(|signals| *signals >= wanted).await;
    }
}

fn end_at_the_second(
    runtime: &Runtime,
    mut incoming: Incoming,
    signals: &watch::Sender<Signals>,
    last_words: Duration,
) -> Infallible {
    runtime.block_on(async {
        incoming.next().await;
        signals.send_replace(Signals::One);
        incoming.next().await;
        signals.send_replace(Signals::Two);
        tokio::select! {
            () = incoming.next() => {}
            () = sleep(last_words) => {}
        }
    });
    // Not `process::exit`: it flushes the standard output, and that may be what blocks.
    low_level::exit(End::Interrupted.code().into())
}

#[cfg(unix)]
struct Incoming([tokio::signal::unix::Signal; 2]);

#[cfg(unix)]
impl Incoming {
    fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self([signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?]))
    }

    async fn next(&mut self) {
        let [interrupt, terminate] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    }
}

#[cfg(windows)]
struct Incoming(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Incoming {
    fn listen() -> io::Result<Self> {
        Ok(Self(tokio::signal::windows::ctrl_c()?))
    }

    async fn next(&mut self) {
        self.0.recv().await;
    }
}
