use std::io;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use thiserror::Error;

/// Where a program prints: text without colour on standard output, and a progress bar on standard
/// error while it waits, if that is a terminal.
#[derive(Debug)]
pub struct Output {
    stdout: program::Output,
    plain: bool,
    bar: ProgressBar,
}

/// Standard output takes no more. [`Output::check`] says whether that is an error.
#[derive(Clone, Copy, Debug, Error)]
#[error("the output is closed")]
pub struct Closed;

impl Output {
    /// `plain` never draws a bar.
    #[must_use]
    pub fn new(plain: bool) -> Self {
        Self { stdout: program::Output::stdout(), plain, bar: ProgressBar::hidden() }
    }

    /// Prints a text that ends its last line.
    ///
    /// # Errors
    ///
    /// If it cannot be written: its reader has gone, or the disk is full.
    pub fn print(&self, text: &str) -> Result<(), Closed> {
        self.bar.suspend(|| self.stdout.write(text));
        if self.stdout.is_closed() { Err(Closed) } else { Ok(()) }
    }

    /// Whether all could be written that its reader wanted to read.
    ///
    /// # Errors
    ///
    /// What the operating system said, such as that the disk is full.
    pub fn check(&self) -> io::Result<()> {
        self.stdout.check()
    }

    /// Shows that something is waited for, and how long already, until [`Output::done`].
    pub fn wait_for(&mut self, what: String) {
        self.draw(ProgressBar::no_length(), "{elapsed:>5} {spinner} {msg}");
        self.bar.set_message(what);
    }

    /// Shows how many of so many are done, until [`Output::done`].
    pub fn count_to(&mut self, all: Option<u64>) {
        match all {
            Some(all) => self.draw(ProgressBar::new(all), "{elapsed:>5} [{bar:40}] {pos}/{len}"),
            None => self.draw(ProgressBar::no_length(), "{elapsed:>5} {spinner} {pos}"),
        }
    }

    /// The bar that is shown now, or a hidden one.
    #[must_use]
    pub const fn bar(&self) -> &ProgressBar {
        &self.bar
    }

    /// Takes the bar away.
    pub fn done(&mut self) {
        self.bar.finish_and_clear();
        self.bar = ProgressBar::hidden();
    }

    fn draw(&mut self, bar: ProgressBar, template: &str) {
        self.done();
        if self.plain {
            return;
        }
        bar.set_draw_target(ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template(template).expect("the template is valid");
        bar.set_style(style.progress_chars("=> ").tick_chars("|/-\\ "));
        bar.enable_steady_tick(Duration::from_millis(200));
        self.bar = bar;
    }
}
