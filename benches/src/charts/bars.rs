use plotters::prelude::RGBColor;

use super::canvas::{Canvas, Font, LINE, MARGIN, RIGHT, SIZE, SOFT, picture};

/// Bars for the same rows in two panels side by side, each with a scale of its own.
pub(super) struct Bars<'a> {
    pub(super) title: &'a str,
    pub(super) description: &'a str,
    pub(super) headings: [&'a str; 2],
    pub(super) rows: Vec<Row>,
    /// What the colours mean, if there is more than one.
    pub(super) key: Vec<(RGBColor, &'a str)>,
    /// Below the bars, before the caption.
    pub(super) notes: Vec<String>,
    pub(super) caption: &'a str,
}

pub(super) struct Row {
    pub(super) label: String,
    /// For each panel its bars, from top to bottom.
    pub(super) bars: [Vec<Bar>; 2],
}

pub(super) struct Bar {
    pub(super) value: f64,
    pub(super) words: String,
    pub(super) colour: RGBColor,
}

const LABELS: i32 = 316;
const TOP: i32 = 148;
/// For the words to the right of the longest bar.
const WORDS: i32 = 176;
const GAP: i32 = 22;

impl Bars<'_> {
    pub(super) fn draw(&self) -> String {
        picture(self.title, self.description, |canvas| {
            let bottom = SIZE.1 as i32 - 78 - 30 * self.notes.len() as i32;
            let height = (bottom - TOP) / self.rows.len() as i32;
            let middle = (LABELS + RIGHT) / 2;
            let panels = [(LABELS, middle), (middle + 16, RIGHT)];
            for (row, top) in self.rows.iter().zip((TOP..).step_by(height as usize)) {
                let centre = (top * 2 + height - GAP) / 2;
                let font = Font::new(22).to_the_left();
                canvas.words(&row.label, (LABELS - 16, centre), &font);
            }
            for (panel, (left, right)) in panels.into_iter().enumerate() {
                let heading = Font::new(22).bold();
                canvas.words(self.headings[panel], (left, TOP - 30), &heading);
                let most = self.rows.iter().flat_map(|row| &row.bars[panel]);
                let most = most.map(|bar| bar.value).fold(f64::MIN_POSITIVE, f64::max);
                let scale = f64::from(right - left - WORDS) / most;
                for (row, top) in self.rows.iter().zip((TOP..).step_by(height as usize)) {
                    bars(canvas, &row.bars[panel], (left, top), height - GAP, scale);
                }
                canvas.line(vec![(left, TOP - 8), (left, bottom - GAP + 8)], LINE, 2);
            }
            self.key(canvas);
            let mut y = SIZE.1 as i32 - 28 - 30 * self.notes.len() as i32;
            for note in &self.notes {
                canvas.words(note, (MARGIN, y), &Font::new(20));
                y += 30;
            }
            canvas.words(self.caption, (MARGIN, y), &Font::new(18).colour(SOFT));
        })
    }

    fn key(&self, canvas: &Canvas<'_>) {
        let mut x = MARGIN;
        for (colour, words) in &self.key {
            canvas.bar((x, 70), (x + 24, 86), *colour);
            canvas.words(words, (x + 36, 78), &Font::new(20).colour(SOFT));
            x += 260;
        }
    }
}

fn bars(canvas: &Canvas<'_>, bars: &[Bar], from: (i32, i32), height: i32, scale: f64) {
    let (left, top) = from;
    let each = height / bars.len().max(1) as i32;
    for (bar, top) in bars.iter().zip((top..).step_by(each.max(1) as usize)) {
        let right = left + ((bar.value * scale).round() as i32).max(2);
        canvas.bar((left, top + 1), (right, top + each - 2), bar.colour);
        let font = Font::new(20).colour(bar.colour).bold();
        canvas.words(&bar.words, (right + 10, top + each / 2), &font);
    }
}
