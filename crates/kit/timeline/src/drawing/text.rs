use std::fmt::Write;
use std::iter::repeat_n;
use std::time::Duration;

use anstyle::{AnsiColor, Style};

use super::{Row, aftermath, caption, is_cancelled, reach, rows, ticks};
use crate::kind::Kind;
use crate::timeline::{Record, Timeline};
use crate::words::{count, spoken};

/// Whether a text may use colour. The signs are the same either way: colour is decoration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// Pure ASCII.
    Plain,
    /// ASCII and ANSI colours.
    Colour,
}

impl<K: Kind> Timeline<K> {
    /// Draws the timeline as text, each line ended and none wider than `columns` (at least 40).
    #[must_use]
    pub fn to_text(&self, columns: usize, ink: Ink) -> String {
        let columns = columns.max(40);
        let label = format!("{} {}  ", K::LANE, self.accepted()).len();
        let sheet = Sheet::new(label, columns - label, reach(self), ink);
        // Until something has ended there is no length to draw, even if much has begun.
        if self.records().iter().all(|record| record.ended.is_none()) {
            let lanes = count(self.accepted().into(), K::LANE);
            return format!("No {} yet for {lanes}.\n", K::PRODUCT);
        }
        let mut text = String::with_capacity(1_024);
        sheet.axis(&mut text);
        let mut mixed = false;
        for row in rows(self) {
            match row {
                Row::Spans(lane, bars) => {
                    let cells = sheet.cells(&bars);
                    mixed |= cells.contains(&Cell::Mixed);
                    sheet.row(&mut text, lane, &cells);
                }
                Row::LeftOut(lanes) => sheet.left_out::<K>(&mut text, lanes, columns),
            }
        }
        if let Some(answered) = self.answered() {
            sheet.answer(&mut text, answered, self);
        }
        sheet.legend(&mut text, self, columns, mixed);
        text
    }
}

struct Sheet {
    label: usize,
    plot: usize,
    columns_per_second: f64,
    ticks: Vec<(Duration, String)>,
    reach: Duration,
    ink: Ink,
}

#[derive(Clone, Copy, PartialEq)]
enum Cell<K> {
    Empty,
    Bar(K),
    /// Two spans share this column.
    Mixed,
    /// The last column of a bar that was cut off.
    Cut,
}

impl<K: Kind> Cell<K> {
    fn sign(self) -> char {
        match self {
            Self::Empty => ' ',
            Self::Bar(kind) => kind.look().sign,
            Self::Mixed => '*',
            Self::Cut => 'x',
        }
    }

    /// Writes a bar of this length, with its name in it if there is room.
    fn fill(self, text: &mut String, length: usize) {
        let name = match self {
            Self::Bar(kind) if length >= kind.name().len() + 6 => kind.name(),
            _ => "",
        };
        let (gap, width) = if name.is_empty() { ("", 0) } else { (" ", name.len() + 2) };
        let before = (length - width) / 2;
        let signs = |n| repeat_n(self.sign(), n);
        text.extend(signs(before));
        text.extend([gap, name, gap]);
        text.extend(signs(length - width - before));
    }

    fn style(self) -> Style {
        match self {
            Self::Bar(kind) => AnsiColor::Black.on(kind.look().terminal),
            Self::Cut => AnsiColor::White.on(AnsiColor::Red),
            Self::Empty | Self::Mixed => Style::new(),
        }
    }
}

/// The columns for one step of the axis: whole ones, and as many for each 2 s of a long step,
/// because what takes equally long is to look equally long; unless that left too much of the room
/// empty.
fn even(room: f64, step: Duration) -> f64 {
    let room = (room + 1e-2).floor().max(1.0);
    let parts = (step.as_secs_f64() / 2.0).floor().max(1.0);
    let even = (room / parts).floor() * parts;
    if even >= 0.75 * room { even } else { room }
}

impl Sheet {
    fn new(label: usize, room: usize, reach: Duration, ink: Ink) -> Self {
        let reach = reach.max(Duration::from_millis(1));
        let ticks = |most| {
            let ticks = ticks(reach, most);
            let widest = ticks.iter().map(|(_, label)| label.len()).max().unwrap_or(0);
            (ticks, widest)
        };
        // Each label begins at its mark, the last one at the end of the plot.
        let fitting = |most: usize| {
            let (ticks, widest) = ticks(most);
            (most * (widest + 6) <= room).then_some((ticks, widest))
        };
        let (ticks, widest) = (1..=6).rev().find_map(fitting).unwrap_or_else(|| ticks(1));
        let fit = (room - widest) as f64 / reach.as_secs_f64();
        let columns_per_second = match ticks.get(1) {
            Some((step, _)) => even(fit * step.as_secs_f64(), *step) / step.as_secs_f64(),
            None => fit,
        };
        let plot = (columns_per_second * reach.as_secs_f64()).round() as usize;
        Self { label, plot, columns_per_second, ticks, reach, ink }
    }

    fn column(&self, at: Duration) -> usize {
        (at.as_secs_f64() * self.columns_per_second).round() as usize
    }

    fn axis(&self, text: &mut String) {
        let mut labels = " ".repeat(self.label);
        let mut marks = labels.clone();
        for (at, label) in &self.ticks {
            let column = self.label + self.column(*at);
            let _ = write!(labels, "{:1$}{label}", "", column - labels.len());
            let _ = write!(marks, "{:1$}|", "", column - marks.len());
        }
        let _ = writeln!(text, "{labels}\n{marks}");
    }

    fn row<K: Kind>(&self, text: &mut String, lane: Option<u32>, cells: &[Cell<K>]) {
        let label = lane.map_or_else(String::new, |n| format!("{} {n}", K::LANE));
        let _ = write!(text, "{label:0$}", self.label);
        let end = cells.iter().rposition(|cell| *cell != Cell::Empty);
        for run in cells[..end.map_or(0, |end| end + 1)].chunk_by(|a, b| a == b) {
            self.ink.paint(text, run[0], run.len());
        }
        trim_end(text);
        text.push('\n');
    }

    fn cells<K: Kind>(&self, bars: &[&Record<K>]) -> Vec<Cell<K>> {
        let mut cells = vec![Cell::Empty; self.plot];
        for bar in bars {
            let start = self.column(bar.started).min(self.plot - 1);
            let end = self.column(bar.ended.unwrap_or(self.reach));
            let end = end.clamp(start + 1, self.plot);
            for cell in &mut cells[start..end] {
                *cell = match *cell {
                    Cell::Empty => Cell::Bar(bar.kind),
                    _ => Cell::Mixed,
                };
            }
            if is_cancelled(bar) {
                cells[end - 1] = Cell::Cut;
            }
        }
        cells
    }

    fn left_out<K: Kind>(&self, text: &mut String, lanes: u32, columns: usize) {
        let left_out = format!("... {} ...", count(lanes.into(), &format!("more {}", K::LANE)));
        let indent = self.label.min(columns.saturating_sub(left_out.len()));
        let _ = writeln!(text, "{:indent$}{left_out}", "");
    }

    fn answer<K: Kind>(&self, text: &mut String, answered: Duration, timeline: &Timeline<K>) {
        let at = self.column(answered).min(self.plot);
        let mut note = spoken(answered);
        let aftermath = aftermath(timeline, spoken);
        if let Some(aftermath) = aftermath {
            note = format!("{note}, {aftermath}");
        }
        let _ = write!(text, "{:1$}", "answer", self.label);
        let _ = match at.checked_sub(note.len() + 1) {
            _ if at + 2 + note.len() <= self.plot => writeln!(text, "{:at$}^ {note}", ""),
            Some(before) => writeln!(text, "{:before$}{note} ^", ""),
            None => writeln!(text, "{:at$}^\n  {note}", ""),
        };
    }

    fn legend<K: Kind>(
        &self,
        text: &mut String,
        timeline: &Timeline<K>,
        columns: usize,
        mixed: bool,
    ) {
        let mut keys: Vec<_> = K::ALL.iter().map(|kind| (Cell::Bar(*kind), kind.name())).collect();
        if mixed {
            keys.push((Cell::Mixed, "several"));
        }
        if timeline.records().iter().any(is_cancelled) {
            keys.push((Cell::Cut, "cancelled"));
        }
        let width = keys.iter().map(|(_, name)| name.len() + 4).sum::<usize>() - 2;
        text.push('\n');
        for (i, (cell, name)) in keys.into_iter().enumerate() {
            let gap = if i == 0 { "" } else { "  " };
            text.push_str(gap);
            self.ink.paint(text, cell, 1);
            let _ = write!(text, " {name}");
        }
        let caption = caption(timeline);
        let _ = match columns.checked_sub(width + caption.len()) {
            _ if caption.is_empty() => writeln!(text),
            Some(gap @ 2..) => writeln!(text, "{:gap$}{caption}", ""),
            _ => writeln!(text, "\n{caption}"),
        };
    }
}

impl Ink {
    fn paint<K: Kind>(self, text: &mut String, cell: Cell<K>, length: usize) {
        let style = match self {
            Self::Plain => Style::new(),
            Self::Colour => cell.style(),
        };
        let _ = write!(text, "{style}");
        cell.fill(text, length);
        let _ = write!(text, "{style:#}");
    }
}

fn trim_end(text: &mut String) {
    text.truncate(text.trim_end_matches(' ').len());
}
