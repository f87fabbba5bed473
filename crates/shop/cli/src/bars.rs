use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use narrator::{Bar, Bars};

/// Progress bars on standard error.
#[derive(Debug)]
pub(crate) struct ProgressBars(MultiProgress);

#[derive(Debug)]
struct OneBar(ProgressBar);

impl ProgressBars {
    /// None if standard error is no terminal, where a bar cannot be drawn.
    pub(crate) fn on_stderr() -> Option<Self> {
        let bars = MultiProgress::with_draw_target(ProgressDrawTarget::stderr());
        (!bars.is_hidden()).then_some(Self(bars))
    }
}

impl Bars for ProgressBars {
    fn begin(&self, actions: u64) -> Box<dyn Bar> {
        let bar = self.0.add(ProgressBar::new(actions));
        let style = ProgressStyle::with_template("{elapsed:>6} [{bar:40}] {pos}/{len} actions");
        bar.set_style(style.expect("the template is valid").progress_chars("=> "));
        bar.enable_steady_tick(Duration::from_millis(200));
        Box::new(OneBar(bar))
    }

    fn suspend(&self, write: &mut dyn FnMut()) {
        self.0.suspend(write);
    }
}

impl Bar for OneBar {
    fn advance(&self) {
        self.0.inc(1);
    }

    fn clear(&self) {
        self.0.finish_and_clear();
    }
}
