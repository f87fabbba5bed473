use std::fmt::Debug;
use std::io;

use anstream::{AutoStream, ColorChoice};
use coffee::Ink;
use console::Term;
use program::Output;

use crate::error::Error;

/// Where an example writes. Nothing panics when the reader has left: `... | head -1` closes the
/// output, and then [`closed`](Self::closed) is done.
#[derive(Debug)]
pub struct Terminal {
    plain: bool,
    columns: usize,
    output: Output,
    bars: Option<Box<dyn Bars>>,
}

/// Progress bars, for crowds. They are drawn on standard error, below what the terminal says.
pub trait Bars: Debug + Send + Sync {
    /// Begins a bar of so many actions.
    fn begin(&self, actions: u64) -> Box<dyn Bar>;
    /// Writes something while the bars are out of the way.
    fn suspend(&self, write: &mut dyn FnMut());
}

/// One progress bar.
pub trait Bar: Debug + Send + Sync {
    /// One more action is done.
    fn advance(&self);
    /// Takes the bar away.
    fn clear(&self);
}

impl Terminal {
    /// Standard output, in colour if it is a terminal that shows colours, and if neither `plain`
    /// nor the environment (`NO_COLOR`) asks for none.
    #[must_use]
    pub fn stdout(plain: bool) -> Self {
        let plain = plain || AutoStream::choice(&io::stdout()) == ColorChoice::Never;
        let choice = if plain { ColorChoice::Never } else { ColorChoice::Always };
        let width = Term::stdout().size_checked().map_or(80, |(_, columns)| columns.into());
        let output = Output::to(AutoStream::new(io::stdout(), choice));
        Self { plain, columns: width.min(80), output, bars: None }
    }

    /// A plain terminal of 80 columns that writes elsewhere.
    #[must_use]
    pub fn plain(output: Output) -> Self {
        Self { plain: true, columns: 80, output, bars: None }
    }

    /// The same terminal with progress bars for crowds.
    #[must_use]
    pub fn with_bars(self, bars: impl Bars + 'static) -> Self {
        Self { bars: Some(Box::new(bars)), ..self }
    }

    /// Whether there is neither colour nor emoji.
    #[must_use]
    pub const fn is_plain(&self) -> bool {
        self.plain
    }

    pub(crate) const fn ink(&self) -> Ink {
        if self.plain { Ink::Plain } else { Ink::Colour }
    }

    pub(crate) const fn columns(&self) -> usize {
        self.columns
    }

    /// Breaks a sentence between words, where it would not fit.
    pub(crate) fn wrapped(&self, sentence: &str) -> String {
        textwrap::fill(sentence, self.columns)
    }

    /// Writes a text that ends its last line.
    pub fn say(&self, text: &str) {
        match &self.bars {
            Some(bars) => bars.suspend(&mut || self.output.write(text)),
            None => self.output.write(text),
        }
    }

    /// Done when the output cannot be written any more. For one caller. Cancel safe.
    pub async fn closed(&self) {
        self.output.closed().await;
    }

    /// Fails if the output could not be written, unless its reader has left.
    ///
    /// # Errors
    ///
    /// What the operating system said, such as that the disk is full.
    pub fn check(&self) -> Result<(), Error> {
        self.output.check().map_err(|source| Error::Output { source })
    }

    pub(crate) fn bar(&self, actions: u64) -> Option<Box<dyn Bar>> {
        self.bars.as_ref().map(|bars| bars.begin(actions))
    }
}
