use std::fmt::Write;
use std::time::Duration;

use super::{Row, aftermath, caption, count, is_cancelled, reach, rows, seconds, ticks};
use crate::{Action, Record, Timeline};

/// One timeline of a picture, and what stands above it.
#[derive(Clone, Copy, Debug)]
pub struct Panel<'a> {
    /// What is shown: the step and its idea.
    pub title: &'a str,
    /// When it happened.
    pub timeline: &'a Timeline,
}

// The sizes are those of a slide, 1280 units wide, to be read from the last row of a classroom.
const WIDTH: f64 = 1280.0;
const MARGIN: f64 = 36.0;
const HEADING: f64 = 48.0;
const LANE: f64 = 22.0;
const BAR: f64 = 18.0;
/// Where the plot ends; the last label of the axis is centred there.
const RIGHT: f64 = WIDTH - MARGIN - 24.0;

/// Both schemes in one file: a picture follows the reader's setting, not the page's.
const STYLE: &str = "\
  svg { --page: #fffdf8; --ink: #2a211b; --soft: #6d6057; --line: #e3dacd; --mark: #b3261e;
        --pay: #2f7d5b; --on-pay: #fff; --espresso: #5b3420; --on-espresso: #fff;
        --milk: #cfe0f3; --on-milk: #1d2b3a; --edge: #7f93a8; }
  @media (prefers-color-scheme: dark) {
    svg { --page: #1c1613; --ink: #f6efe7; --soft: #b9aa9c; --line: #3d332c; --mark: #ff8a7a;
          --pay: #6fcf9f; --on-pay: #0d2a1c; --espresso: #c98b5e; --on-espresso: #2a1508;
          --milk: #eaf2fb; --on-milk: #1d2b3a; --edge: #1c1613; } }
  text { font-family: system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; fill: var(--ink); }
  .page { fill: var(--page); }
  .title { font-size: 30px; font-weight: 700; }
  .heading { font-size: 21px; font-weight: 600; }
  .result { font-size: 21px; font-weight: 700; text-anchor: end; fill: var(--mark); }
  .label, .tick, .key { font-size: 17px; fill: var(--soft); }
  .label { paint-order: stroke; stroke: var(--page); stroke-width: 6; }
  .tick { text-anchor: middle; }
  .name { font-size: 15px; text-anchor: middle; }
  .grid { stroke: var(--line); stroke-width: 1.5; }
  .answer { stroke: var(--mark); stroke-width: 3; stroke-dasharray: 5 4; }
  .flag { fill: var(--mark); }
  .bar { stroke: var(--page); stroke-width: 1.5; }
  .pay { fill: var(--pay); } .on-pay { fill: var(--on-pay); }
  .espresso { fill: var(--espresso); } .on-espresso { fill: var(--on-espresso); }
  .milk { fill: var(--milk); stroke: var(--edge); } .on-milk { fill: var(--on-milk); }
  .cancelled { fill-opacity: 0.35; } .on-cancelled { fill: var(--ink); }
  .cross { stroke: var(--mark); stroke-width: 4; }
";

/// Draws timelines below one another on one time axis, so that their lengths compare, as an SVG
/// that stands alone. The title and the description say in words what the picture shows.
///
/// The axis reaches to the end of the longest timeline, and at least to `at_least` (shop time),
/// so that pictures apart from one another compare, too.
#[must_use]
pub fn draw_svg(title: &str, at_least: Duration, panels: &[Panel<'_>]) -> String {
    let reach = panels
        .iter()
        .map(|panel| reach(panel.timeline))
        .fold(at_least.max(Duration::from_millis(1)), Duration::max);
    let crowd = panels.iter().map(|panel| panel.timeline.customers()).max().unwrap_or(0);
    // About 9 units a letter at the size of a label.
    let left = MARGIN + 9.0 * format!("customer {crowd}").len() as f64 + 42.0;
    let mut body = Body { svg: String::new(), y: MARGIN + 20.0, left, reach };
    for panel in panels {
        body.panel(panel);
    }
    body.axis();
    let answered = panels.iter().any(|panel| panel.timeline.answered().is_some());
    let mut records = panels.iter().flat_map(|panel| panel.timeline.records());
    body.legend(answered, records.any(is_cancelled));
    let height = body.y + 16.0;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
         role=\"img\" aria-labelledby=\"title desc\">\n\
         <title id=\"title\">{title}</title>\n<desc id=\"desc\">{desc}</desc>\n\
         <style>\n{STYLE}</style>\n\
         <rect class=\"page\" width=\"{WIDTH}\" height=\"{height}\" rx=\"16\"/>\n\
         <text class=\"title\" x=\"{MARGIN}\" y=\"{title_y}\">{title}</text>\n{body}</svg>\n",
        title = escape(title),
        desc = escape(&describe(panels)),
        title_y = MARGIN + 10.0,
        body = body.svg,
    )
}

struct Body {
    svg: String,
    y: f64,
    /// Where the plot begins.
    left: f64,
    reach: Duration,
}

impl Body {
    fn put(&mut self, line: std::fmt::Arguments<'_>) {
        let _ = writeln!(self.svg, "{line}");
    }

    fn x(&self, at: Duration) -> f64 {
        tenth(self.left + (RIGHT - self.left) * at.as_secs_f64() / self.reach.as_secs_f64())
    }

    fn panel(&mut self, panel: &Panel<'_>) {
        let timeline = panel.timeline;
        let y = self.y + HEADING - 20.0;
        let heading = escape(panel.title);
        let result = escape(&verdict(timeline));
        self.put(format_args!(
            "<text class=\"heading\" x=\"{MARGIN}\" y=\"{y}\">{heading}</text>\n\
             <text class=\"result\" x=\"{RIGHT}\" y=\"{y}\">{result}</text>"
        ));
        self.y += HEADING;
        let (top, rows) = (self.y, rows(timeline));
        self.grid(top, top + LANE * rows.len() as f64);
        for row in rows {
            match row {
                Row::Lane(customer, bars) => self.lane(customer, &bars),
                Row::LeftOut(customers) => {
                    self.label(&format!("… {} …", count(customers.into(), "more customer")))
                }
            }
            self.y += LANE;
        }
        if let Some(answered) = timeline.answered() {
            self.answer(answered, top);
        }
    }

    fn label(&mut self, label: &str) {
        let y = self.y + 15.0;
        self.put(format_args!("<text class=\"label\" x=\"{MARGIN}\" y=\"{y}\">{label}</text>"));
    }

    fn lane(&mut self, customer: Option<u32>, bars: &[&Record]) {
        if let Some(customer) = customer {
            self.label(&format!("customer {customer}"));
        }
        for bar in bars {
            self.bar(bar);
        }
    }

    fn bar(&mut self, bar: &Record) {
        let (x, y) = (self.x(bar.started), self.y);
        let end = self.x(bar.ended.unwrap_or(self.reach));
        let width = tenth((end - x).max(1.0));
        let name = bar.action.name();
        let cancelled = is_cancelled(bar);
        let fade = if cancelled { " cancelled" } else { "" };
        self.put(format_args!(
            "<rect class=\"bar {name}{fade}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{BAR}\" rx=\"4\"/>"
        ));
        // About 8 units a letter at this size.
        if width > 8.0 * name.len() as f64 + 12.0 {
            let (middle, base) = (tenth(x + width / 2.0), y + 14.0);
            let on = if cancelled { "cancelled" } else { name };
            self.put(format_args!(
                "<text class=\"name on-{on}\" x=\"{middle}\" y=\"{base}\">{name}</text>"
            ));
        }
        if cancelled {
            let (left, right) = (end - 6.0, end + 6.0);
            let (top, bottom) = (y + 4.0, y + BAR - 4.0);
            self.put(format_args!(
                "<path class=\"cross\" d=\"M{left} {top}L{right} {bottom}M{right} {top}L{left} {bottom}\"/>"
            ));
        }
    }

    fn answer(&mut self, answered: Duration, top: f64) {
        let (x, bottom) = (self.x(answered), self.y - LANE + BAR);
        let (left, right, tip) = (x - 7.0, x + 7.0, top - 2.0);
        let above = top - 11.0;
        self.put(format_args!(
            "<path class=\"answer\" d=\"M{x} {top}V{bottom}\"/>\n\
             <path class=\"flag\" d=\"M{left} {above}H{right}L{x} {tip}Z\"/>"
        ));
    }

    fn grid(&mut self, top: f64, bottom: f64) {
        for (at, _) in ticks(self.reach, 10) {
            let x = self.x(at);
            self.put(format_args!("<path class=\"grid\" d=\"M{x} {top}V{bottom}\"/>"));
        }
    }

    fn axis(&mut self) {
        self.y += 18.0;
        for (at, label) in ticks(self.reach, 10) {
            let (x, y) = (self.x(at), self.y);
            self.put(format_args!("<text class=\"tick\" x=\"{x}\" y=\"{y}\">{label}</text>"));
        }
    }

    fn legend(&mut self, answered: bool, cancelled: bool) {
        self.y += 16.0;
        let (mut x, y, base) = (self.left, self.y, self.y + 15.0);
        let mut key = |body: &mut Self, shape: &str, name: &str| {
            let text = x + 32.0;
            body.put(format_args!(
                "<g transform=\"translate({x} {y})\">{shape}</g>\n\
                 <text class=\"key\" x=\"{text}\" y=\"{base}\">{name}</text>"
            ));
            x += 60.0 + 10.0 * name.len() as f64;
        };
        for action in Action::ALL {
            let name = action.name();
            let bar =
                format!("<rect class=\"bar {name}\" width=\"24\" height=\"{BAR}\" rx=\"4\"/>");
            key(self, &bar, name);
        }
        if cancelled {
            key(self, "<path class=\"cross\" d=\"M6 4L18 14M18 4L6 14\"/>", "cancelled");
        }
        if answered {
            key(self, "<path class=\"flag\" d=\"M4 4H20L12 15Z\"/>", "the answer");
        }
        key(self, "", "a row holds one thing at a time");
        self.y += BAR;
    }
}

/// What a glance should take home.
fn verdict(timeline: &Timeline) -> String {
    let answer = timeline.answered().map(seconds);
    match (answer, aftermath(timeline, seconds)) {
        (Some(answer), None) => answer,
        (Some(answer), Some(aftermath)) => format!("answer {answer}, {aftermath}"),
        (None, aftermath) => aftermath.unwrap_or_default(),
    }
}

/// The picture in words, for whoever cannot see it.
fn describe(panels: &[Panel<'_>]) -> String {
    let mut text = String::new();
    for Panel { title, timeline } in panels {
        let (people, result) = (count(timeline.customers().into(), "customer"), verdict(timeline));
        let _ = write!(text, "{title}: {people}, {result}");
        let caption = caption(timeline);
        let _ = match caption.as_str() {
            "" => write!(text, ". "),
            caption => write!(text, " ({caption}). "),
        };
    }
    text.trim_end().to_owned()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Rounded to a tenth of a unit: the eye sees no more, and the file stays short.
fn tenth(length: f64) -> f64 {
    (length * 10.0).round() / 10.0
}
