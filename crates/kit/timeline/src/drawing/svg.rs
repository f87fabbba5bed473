use std::fmt::Write;
use std::time::Duration;

use super::scheme::{LIGHT, Scheme, dark_style, edge};
use super::{Row, aftermath, caption, is_cancelled, reach, rows, ticks};
use crate::kind::Kind;
use crate::timeline::{Record, Timeline};
use crate::words::{count, seconds};

/// One timeline of a picture, and what stands above it.
#[derive(Clone, Copy, Debug)]
pub struct Panel<'a, K> {
    /// What is shown, such as the step and its idea.
    pub title: &'a str,
    /// When it happened.
    pub timeline: &'a Timeline<K>,
}

// The sizes are those of a slide, 1280 units wide, to be read from the last row of a classroom.
const WIDTH: f64 = 1280.0;
const MARGIN: f64 = 36.0;
const HEADING: f64 = 48.0;
const LANE: f64 = 22.0;
const BAR: f64 = 18.0;
/// Where the plot ends; the last label of the axis is centred there.
const RIGHT: f64 = WIDTH - MARGIN - 24.0;

const FONT: &str = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif";

/// Draws timelines below one another on one time axis, so that their lengths compare, as an SVG
/// that stands alone. The title and the description say in words what the picture shows. It looks
/// alike in all viewers; a browser whose reader prefers a dark page shows a dark one.
///
/// The axis reaches to the end of the longest timeline, and at least to `at_least` (shop time),
/// so that pictures apart from one another compare, too.
#[must_use]
pub fn draw_svg<K: Kind>(title: &str, at_least: Duration, panels: &[Panel<'_, K>]) -> String {
    let reach = panels
        .iter()
        .map(|panel| reach(panel.timeline))
        .fold(at_least.max(Duration::from_millis(1)), Duration::max);
    let most = panels.iter().map(|panel| panel.timeline.accepted()).max().unwrap_or(0);
    // About 9 units a letter at the size of a label.
    let left = MARGIN + 9.0 * format!("{} {most}", K::LANE).len() as f64 + 42.0;
    let mut body = Body { svg: String::new(), y: MARGIN + 20.0, left, reach };
    for panel in panels {
        body.panel(panel);
    }
    body.axis();
    let answered = panels.iter().any(|panel| panel.timeline.answered().is_some());
    let mut records = panels.iter().flat_map(|panel| panel.timeline.records());
    body.legend::<K>(answered, records.any(is_cancelled));
    let height = body.y + 16.0;
    let Scheme { page, ink, .. } = LIGHT;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
         role=\"img\" aria-labelledby=\"title desc\">\n\
         <title id=\"title\">{title}</title>\n<desc id=\"desc\">{desc}</desc>\n\
         <style>\n{style}</style>\n\
         <rect class=\"page\" fill=\"{page}\" width=\"{WIDTH}\" height=\"{height}\" rx=\"16\"/>\n\
         <g class=\"ink\" fill=\"{ink}\" font-family=\"{FONT}\">\n\
         <text x=\"{MARGIN}\" y=\"{title_y}\" font-size=\"30\" font-weight=\"700\">{title}</text>\n\
         {body}</g>\n</svg>\n",
        title = escape(title),
        desc = escape(&describe(panels)),
        style = dark_style::<K>(),
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

    fn panel<K: Kind>(&mut self, panel: &Panel<'_, K>) {
        let timeline = panel.timeline;
        self.heading(panel.title, &verdict(timeline));
        let (top, rows) = (self.y, rows(timeline));
        self.grid(top, top + LANE * rows.len() as f64);
        for row in rows {
            match row {
                Row::Spans(lane, bars) => self.row(lane, &bars),
                Row::LeftOut(lanes) => self.left_out::<K>(lanes),
            }
            self.y += LANE;
        }
        if let Some(answered) = timeline.answered() {
            self.answer(answered, top);
        }
    }

    fn heading(&mut self, title: &str, result: &str) {
        let y = self.y + HEADING - 20.0;
        let (title, result, mark) = (escape(title), escape(result), LIGHT.mark);
        self.put(format_args!(
            "<text x=\"{MARGIN}\" y=\"{y}\" font-size=\"21\" font-weight=\"600\">{title}</text>\n\
             <text class=\"mark\" fill=\"{mark}\" x=\"{RIGHT}\" y=\"{y}\" font-size=\"21\" \
             font-weight=\"700\" text-anchor=\"end\">{result}</text>"
        ));
        self.y += HEADING;
    }

    fn soft_text(&mut self, x: f64, y: f64, anchor: &str, text: &str) {
        let soft = LIGHT.soft;
        self.put(format_args!(
            "<text class=\"soft\" fill=\"{soft}\" x=\"{x}\" y=\"{y}\" font-size=\"17\"{anchor}>{text}</text>"
        ));
    }

    fn label(&mut self, label: &str) {
        self.soft_text(MARGIN, self.y + 15.0, "", label);
    }

    /// The words may reach into the plot, and its lines must not cross them out.
    fn left_out<K: Kind>(&mut self, lanes: u32) {
        let label = format!("… {} …", count(lanes.into(), &format!("more {}", K::LANE)));
        let (page, y, width) = (LIGHT.page, self.y, 9.5 * label.chars().count() as f64 + 8.0);
        self.put(format_args!(
            "<rect class=\"page\" fill=\"{page}\" x=\"{MARGIN}\" y=\"{y}\" width=\"{width}\" height=\"{BAR}\"/>"
        ));
        self.label(&label);
    }

    fn row<K: Kind>(&mut self, lane: Option<u32>, bars: &[&Record<K>]) {
        if let Some(lane) = lane {
            self.label(&format!("{} {lane}", K::LANE));
        }
        for bar in bars {
            self.bar(bar);
        }
    }

    fn bar<K: Kind>(&mut self, bar: &Record<K>) {
        let (x, y) = (self.x(bar.started), self.y);
        let end = self.x(bar.ended.unwrap_or(self.reach));
        let width = tenth((end - x).max(1.0));
        let fade = if is_cancelled(bar) { " fill-opacity=\"0.35\"" } else { "" };
        let shape = shape(bar.kind, width, fade);
        self.put(format_args!("<g transform=\"translate({x} {y})\">{shape}</g>"));
        self.name(bar, x, width);
        if is_cancelled(bar) {
            let cross = cross(end, y + BAR / 2.0);
            self.put(format_args!("{cross}"));
        }
    }

    /// The bar's name, if there is room: about 8 units a letter at this size.
    fn name<K: Kind>(&mut self, bar: &Record<K>, x: f64, width: f64) {
        let name = bar.kind.name();
        if width <= 8.0 * name.len() as f64 + 12.0 {
            return;
        }
        let (middle, base) = (tenth(x + width / 2.0), self.y + 14.0);
        let colour = match is_cancelled(bar) {
            true => String::new(),
            false => format!("class=\"on-{name}\" fill=\"{}\" ", bar.kind.look().light.name),
        };
        self.put(format_args!(
            "<text {colour}x=\"{middle}\" y=\"{base}\" font-size=\"15\" text-anchor=\"middle\">{name}</text>"
        ));
    }

    fn answer(&mut self, answered: Duration, top: f64) {
        let (x, bottom) = (self.x(answered), self.y - LANE + BAR);
        let mark = LIGHT.mark;
        self.put(format_args!(
            "<path class=\"stroke\" stroke=\"{mark}\" stroke-width=\"3\" \
             stroke-dasharray=\"5 4\" d=\"M{x} {top}V{bottom}\"/>\n{}",
            flag(x, top - 11.0)
        ));
    }

    fn grid(&mut self, top: f64, bottom: f64) {
        let line = LIGHT.line;
        for (at, _) in ticks(self.reach, 10) {
            let x = self.x(at);
            self.put(format_args!(
                "<path class=\"line\" stroke=\"{line}\" stroke-width=\"1.5\" d=\"M{x} {top}V{bottom}\"/>"
            ));
        }
    }

    fn axis(&mut self) {
        self.y += 18.0;
        for (at, label) in ticks(self.reach, 10) {
            self.soft_text(self.x(at), self.y, " text-anchor=\"middle\"", &label);
        }
    }

    fn legend<K: Kind>(&mut self, answered: bool, cancelled: bool) {
        self.y += 16.0;
        let mut keys: Vec<_> =
            K::ALL.iter().map(|kind| (shape(*kind, 24.0, ""), kind.name())).collect();
        if cancelled {
            keys.push((cross(12.0, BAR / 2.0), "cancelled"));
        }
        if answered {
            keys.push((flag(12.0, 4.0), "the answer"));
        }
        keys.push((String::new(), "a row holds one thing at a time"));
        let mut x = self.left;
        for (shape, name) in keys {
            let y = self.y;
            self.put(format_args!("<g transform=\"translate({x} {y})\">{shape}</g>"));
            self.soft_text(x + 32.0, y + 15.0, "", name);
            x += 60.0 + 10.0 * name.len() as f64;
        }
        self.y += BAR;
    }
}

/// A bar at the origin.
fn shape<K: Kind>(kind: K, width: f64, fade: &str) -> String {
    let (class, paint) = (kind.name(), kind.look().light);
    let (fill, edge) = (paint.fill, edge(&paint));
    format!(
        "<rect class=\"{class}\" fill=\"{fill}\" stroke=\"{edge}\" stroke-width=\"1.5\"{fade} \
         width=\"{width}\" height=\"{BAR}\" rx=\"4\"/>"
    )
}

/// Where a bar was cut off.
fn cross(x: f64, y: f64) -> String {
    let (left, right, top, bottom) = (tenth(x - 6.0), tenth(x + 6.0), y - 5.0, y + 5.0);
    let mark = LIGHT.mark;
    format!(
        "<path class=\"stroke\" stroke=\"{mark}\" stroke-width=\"4\" \
         d=\"M{left} {top}L{right} {bottom}M{right} {top}L{left} {bottom}\"/>"
    )
}

/// A triangle that points down at x.
fn flag(x: f64, top: f64) -> String {
    let (left, right, tip, mark) = (tenth(x - 7.0), tenth(x + 7.0), top + 9.0, LIGHT.mark);
    format!("<path class=\"mark\" fill=\"{mark}\" d=\"M{left} {top}H{right}L{x} {tip}Z\"/>")
}

/// What a glance should take home.
fn verdict<K: Kind>(timeline: &Timeline<K>) -> String {
    let answer = timeline.answered().map(seconds);
    match (answer, aftermath(timeline, seconds)) {
        (Some(answer), None) => answer,
        (Some(answer), Some(aftermath)) => format!("answer {answer}, {aftermath}"),
        (None, aftermath) => aftermath.unwrap_or_default(),
    }
}

/// The picture in words, for readers who do not see it.
fn describe<K: Kind>(panels: &[Panel<'_, K>]) -> String {
    let mut text = String::new();
    for Panel { title, timeline } in panels {
        let (lanes, result) = (count(timeline.accepted().into(), K::LANE), verdict(timeline));
        let _ = write!(text, "{title}: {lanes}, {result}");
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
