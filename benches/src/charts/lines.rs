use std::ops::Range;

use plotters::coord::CoordTranslate;
use plotters::coord::combinators::LogCoord;
use plotters::prelude::{Cartesian2d, IntoLogRange, RGBColor};

use super::canvas::{Canvas, Font, LINE, MARGIN, SIZE, SOFT, picture};

/// A chart of lines on two logarithmic axes: what is as long as it is many is a slope there, and
/// what stays the same is level, however far apart they are.
pub(super) struct Lines<'a> {
    pub(super) title: &'a str,
    pub(super) description: &'a str,
    pub(super) x: Axis,
    pub(super) y: Axis,
    pub(super) curves: Vec<Line>,
    pub(super) marks: Vec<Mark>,
    /// Below the chart, the last lines of the picture.
    pub(super) caption: [&'a str; 2],
}

pub(super) struct Axis {
    /// What is measured, with its unit.
    pub(super) label: String,
    pub(super) range: Range<f64>,
    pub(super) ticks: Vec<(f64, String)>,
}

pub(super) struct Line {
    /// Written to the right of the last point; what is below the first line is smaller.
    pub(super) label: Vec<String>,
    pub(super) colour: RGBColor,
    pub(super) dashed: bool,
    pub(super) points: Vec<(f64, f64)>,
}

/// A place worth a look, with its words.
pub(super) struct Mark {
    pub(super) at: (f64, f64),
    pub(super) words: Vec<String>,
    pub(super) offset: (i32, i32),
    pub(super) colour: RGBColor,
}

/// The height of a line of words.
const ROW: i32 = 28;

const PLOT: (Range<i32>, Range<i32>) = (132..884, 84..572);

type LogLog = Cartesian2d<LogCoord<f64>, LogCoord<f64>>;

impl Lines<'_> {
    pub(super) fn draw(&self) -> String {
        picture(self.title, self.description, |canvas| {
            let (x, y) = PLOT;
            let [along, up] = [&self.x, &self.y].map(|axis| axis.range.clone().log_scale());
            let scale = LogLog::new(along, up, (x, y.end..y.start));
            self.axes(canvas, &scale);
            // Dashes on top, or a line in the same place would hide them.
            for dashed in [false, true] {
                let these = self.curves.iter().filter(|line| line.dashed == dashed);
                these.for_each(|line| line.draw(canvas, &scale));
            }
            let end = |line: &Line| line.points.last().map(|point| scale.translate(point));
            let ends: Vec<_> = self.curves.iter().filter_map(|l| Some((end(l)?, l))).collect();
            let wanted: Vec<_> = ends.iter().map(|((_, y), l)| (*y, l.label_height())).collect();
            for (((x, _), line), middle) in ends.iter().zip(apart(&wanted)) {
                line.write(canvas, (x + 18, middle));
            }
            for mark in &self.marks {
                mark.draw(canvas, &scale);
            }
            for (words, up) in self.caption.into_iter().zip([54, 28]) {
                canvas.words(words, (MARGIN, SIZE.1 as i32 - up), &Font::new(18).colour(SOFT));
            }
        })
    }

    fn axes(&self, canvas: &Canvas<'_>, scale: &LogLog) {
        let (left, bottom) = (PLOT.0, PLOT.1);
        let font = Font::new(20).colour(SOFT);
        for (value, label) in &self.x.ticks {
            let (x, _) = scale.translate(&(*value, self.y.range.start));
            canvas.line(vec![(x, bottom.end), (x, bottom.end + 8)], SOFT, 2);
            canvas.words(label, (x, bottom.end + 24), &font.centred());
        }
        for (value, label) in &self.y.ticks {
            let (_, y) = scale.translate(&(self.x.range.start, *value));
            canvas.line(vec![(left.start, y), (left.end, y)], LINE, 2);
            canvas.words(label, (left.start - 12, y), &font.to_the_left());
        }
        canvas.line(vec![(left.start, bottom.end), (left.end, bottom.end)], SOFT, 2);
        let font = Font::new(22);
        let middle = (left.start + left.end) / 2;
        canvas.words(&self.x.label, (middle, bottom.end + 56), &font.centred());
        let middle = (bottom.start + bottom.end) / 2;
        canvas.words(&self.y.label, (MARGIN - 14, middle), &font.centred().upright());
    }
}

impl Line {
    fn draw(&self, canvas: &Canvas<'_>, scale: &LogLog) {
        let points: Vec<_> = self.points.iter().map(|point| scale.translate(point)).collect();
        if self.dashed {
            canvas.dashes(points.clone(), self.colour, 4);
        } else {
            canvas.line(points.clone(), self.colour, 4);
        }
        points.iter().for_each(|point| canvas.dot(*point, self.colour));
    }

    fn label_height(&self) -> i32 {
        ROW * self.label.len() as i32 + 10
    }

    fn write(&self, canvas: &Canvas<'_>, (x, middle): (i32, i32)) {
        let mut y = middle - (self.label_height() - ROW) / 2 + 5;
        let mut font = Font::new(22).bold();
        for words in &self.label {
            canvas.words(words, (x, y), &font.colour(self.colour));
            y += ROW;
            font = Font::new(20);
        }
    }
}

/// Where to put things of these heights, each as near as can be to the middle it wants, so that
/// no two overlap: those that would are stacked around the mean of what they want.
fn apart(wanted: &[(i32, i32)]) -> Vec<i32> {
    let mut order: Vec<_> = (0..wanted.len()).collect();
    order.sort_by_key(|&index| wanted[index].0);
    let mut stacks: Vec<Vec<usize>> = Vec::new();
    let height = |stack: &[usize]| stack.iter().map(|&index| wanted[index].1).sum::<i32>();
    let top = |stack: &[usize]| {
        let middles = stack.iter().map(|&index| wanted[index].0).sum::<i32>();
        middles / stack.len() as i32 - height(stack) / 2
    };
    for index in order {
        let mut stack = vec![index];
        while let Some(above) = stacks.last() {
            if top(above) + height(above) <= top(&stack) {
                break;
            }
            stack.splice(0..0, stacks.pop().into_iter().flatten());
        }
        stacks.push(stack);
    }
    let mut middles = vec![0; wanted.len()];
    for stack in stacks {
        let mut y = top(&stack);
        for index in stack {
            middles[index] = y + wanted[index].1 / 2;
            y += wanted[index].1;
        }
    }
    middles
}

impl Mark {
    fn draw(&self, canvas: &Canvas<'_>, scale: &LogLog) {
        let (x, y) = scale.translate(&self.at);
        canvas.dashes(vec![(x, y), (x, PLOT.1.end)], self.colour, 2);
        canvas.dot((x, y), self.colour);
        let (mut at, mut font) = ((x + self.offset.0, y + self.offset.1), Font::new(22).bold());
        for words in &self.words {
            canvas.words(words, at, &font.colour(self.colour));
            at.1 += ROW;
            font = Font::new(20);
        }
    }
}

/// A number as an axis shows it: `1,000,000`.
pub(super) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_stay_where_there_is_room_and_part_where_there_is_none() {
        assert_eq!(apart(&[(100, 20), (200, 20)]), [100, 200]);
        assert_eq!(apart(&[(100, 20), (100, 20)]), [90, 110]);
        assert_eq!(apart(&[(110, 20), (100, 20), (300, 20)]), [115, 95, 300]);
    }

    #[test]
    fn a_label_that_is_pushed_away_pushes_the_next() {
        assert_eq!(apart(&[(100, 40), (100, 40), (130, 40)]), [70, 110, 150]);
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!([1, 999, 1_000, 1_000_000].map(thousands), ["1", "999", "1,000", "1,000,000"]);
    }
}
