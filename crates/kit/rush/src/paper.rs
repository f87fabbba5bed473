use std::io::{self, ErrorKind, Write, stdout};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// What is printed: text without colour on standard output, and a progress bar on standard error
/// while one waits, if that is a terminal.
#[derive(Debug)]
pub struct Paper {
    plain: bool,
    bar: ProgressBar,
}

impl Paper {
    /// `plain` never draws a bar.
    #[must_use]
    pub fn new(plain: bool) -> Self {
        Self { plain, bar: ProgressBar::hidden() }
    }

    /// Prints a text that ends its last line.
    ///
    /// # Errors
    ///
    /// What the operating system says when nobody listens, or the disk is full.
    pub fn print(&self, text: &str) -> io::Result<()> {
        self.bar.suspend(|| {
            let mut out = stdout().lock();
            out.write_all(text.as_bytes())?;
            out.flush()
        })
    }

    /// Shows that something is waited for, and how long already, until [`Paper::done`].
    pub fn wait_for(&mut self, what: String) {
        self.draw(ProgressBar::no_length(), "{elapsed:>5} {spinner} {msg}");
        self.bar.set_message(what);
    }

    /// Shows how many of so many are done, until [`Paper::done`].
    pub fn count_to(&mut self, all: u64) {
        self.draw(ProgressBar::new(all), "{elapsed:>5} [{bar:40}] {pos}/{len}");
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

    /// That somebody closed the output is no error; everything else is.
    ///
    /// # Errors
    ///
    /// The error, if it is one.
    pub fn unless_closed(printed: io::Result<()>) -> io::Result<()> {
        match printed {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error),
            _ => Ok(()),
        }
    }
}

/// `2.002 s`
#[must_use]
pub fn milliseconds(time: Duration) -> String {
    format!("{:.3} s", time.as_secs_f64())
}

/// `3,000,000`
#[must_use]
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_a_comma_before_every_three_digits() {
        for (number, text) in
            [(0, "0"), (999, "999"), (1_000, "1,000"), (30_000, "30,000"), (3_000_000, "3,000,000")]
        {
            assert_eq!(thousands(number), text);
        }
    }
}
