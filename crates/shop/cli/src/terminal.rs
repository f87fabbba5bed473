use std::io::{self, ErrorKind, Write};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anstream::{AutoStream, ColorChoice};
use coffee::Ink;
use console::Term;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use tokio::sync::Notify;

use crate::Error;

/// Where an example talks. It never panics when nobody listens any more: `... | head -1` closes
/// the output, and then [`closed`](Self::closed) is done.
#[derive(Debug)]
pub(crate) struct Terminal {
    plain: bool,
    columns: usize,
    bars: MultiProgress,
    failure: OnceLock<io::Error>,
    closed: Notify,
}

impl Terminal {
    pub(crate) fn new(plain: bool) -> Arc<Self> {
        let plain = plain || AutoStream::choice(&io::stdout()) == ColorChoice::Never;
        let width = Term::stdout().size_checked().map_or(80, |(_, columns)| columns.into());
        let bars = MultiProgress::with_draw_target(match plain {
            true => ProgressDrawTarget::hidden(),
            false => ProgressDrawTarget::stderr(),
        });
        Arc::new(Self {
            plain,
            columns: width.min(80),
            bars,
            failure: OnceLock::new(),
            closed: Notify::new(),
        })
    }

    pub(crate) fn plain(&self) -> bool {
        self.plain
    }

    pub(crate) fn ink(&self) -> Ink {
        if self.plain { Ink::Plain } else { Ink::Colour }
    }

    pub(crate) fn columns(&self) -> usize {
        self.columns
    }

    /// Breaks a sentence between words, where it would not fit.
    pub(crate) fn wrapped(&self, sentence: &str) -> String {
        textwrap::fill(sentence, self.columns)
    }

    /// Writes a text that ends its last line.
    pub(crate) fn say(&self, text: &str) {
        let write = || {
            let mut out = AutoStream::new(io::stdout(), self.choice()).lock();
            out.write_all(text.as_bytes()).and_then(|()| out.flush())
        };
        if let Err(error) = self.bars.suspend(write) {
            let _ = self.failure.set(error);
            self.closed.notify_one();
        }
    }

    /// Done when the output cannot be written any more. For one caller.
    pub(crate) async fn closed(&self) {
        self.closed.notified().await;
    }

    /// Why the output could not be written, if that is an error. A closed pipe is none.
    pub(crate) fn check(&self) -> Result<(), Error> {
        match self.failure.get() {
            Some(error) if error.kind() != ErrorKind::BrokenPipe => {
                let source = io::Error::new(error.kind(), error.to_string());
                Err(Error::Output { source })
            }
            _ => Ok(()),
        }
    }

    /// Whether a bar can be drawn: on standard error, if that is a terminal.
    pub(crate) fn has_bars(&self) -> bool {
        !self.bars.is_hidden()
    }

    pub(crate) fn bar(&self, actions: u64) -> ProgressBar {
        let bar = self.bars.add(ProgressBar::new(actions));
        let style = ProgressStyle::with_template("{elapsed:>6} [{bar:40}] {pos}/{len} actions");
        bar.set_style(style.expect("the template is valid").progress_chars("=> "));
        bar.enable_steady_tick(Duration::from_millis(200));
        bar
    }

    fn choice(&self) -> ColorChoice {
        if self.plain { ColorChoice::Never } else { ColorChoice::Always }
    }
}
