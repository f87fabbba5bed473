use plotters::coord::Shift;
use plotters::element::{DashedPathElement, Drawable, PointCollection};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// The size of a slide.
pub(super) const SIZE: (u32, u32) = (1280, 720);
pub(super) const MARGIN: i32 = 44;
pub(super) const RIGHT: i32 = SIZE.0 as i32 - MARGIN;

pub(super) const PAGE: RGBColor = RGBColor(0xff, 0xfd, 0xf8);
pub(super) const INK: RGBColor = RGBColor(0x2a, 0x21, 0x1b);
pub(super) const SOFT: RGBColor = RGBColor(0x6d, 0x60, 0x57);
pub(super) const LINE: RGBColor = RGBColor(0xe3, 0xda, 0xcd);
pub(super) const MARK: RGBColor = RGBColor(0xb3, 0x26, 0x1e);
pub(super) const GREEN: RGBColor = RGBColor(0x2f, 0x7d, 0x5b);
pub(super) const BROWN: RGBColor = RGBColor(0x8a, 0x55, 0x2b);
pub(super) const BLUE: RGBColor = RGBColor(0x2d, 0x6a, 0xa8);

/// What each colour becomes where the reader prefers dark. They are those of the timelines.
const DARK: [(RGBColor, &str); 8] = [
    (PAGE, "#1c1613"),
    (INK, "#f6efe7"),
    (SOFT, "#b9aa9c"),
    (LINE, "#3d332c"),
    (MARK, "#ff8a7a"),
    (GREEN, "#6fcf9f"),
    (BROWN, "#d9a273"),
    (BLUE, "#8ec1f5"),
];

/// Where shapes and words are put, in units of a slide that is 1280 wide and 720 high.
pub(super) struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
}

/// Draws a picture that stands alone. The title is drawn, too; the description says in words
/// what there is to see.
pub(super) fn picture(title: &str, description: &str, draw: impl FnOnce(&Canvas<'_>)) -> String {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        let canvas = Canvas { area };
        canvas.bar((0, 0), (SIZE.0 as i32, SIZE.1 as i32), PAGE);
        canvas.words(title, (MARGIN, 34), &Font::new(34).bold());
        draw(&canvas);
    }
    stand_alone(&svg, title, description)
}

/// Plotters writes each colour as an attribute, over which a style sheet has precedence: so one
/// file follows the reader's light or dark setting.
fn stand_alone(svg: &str, title: &str, description: &str) -> String {
    let hex = |RGBColor(red, green, blue)| format!("#{red:02X}{green:02X}{blue:02X}");
    let dark = DARK.map(|(light, dark)| {
        let light = hex(light);
        format!("[fill='{light}'] {{ fill: {dark} }} [stroke='{light}'] {{ stroke: {dark} }}")
    });
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let (head, body) = svg.split_once('\n').unwrap_or((svg, ""));
    let head = head.replacen(
        "<svg width=\"1280\" height=\"720\"",
        "<svg role=\"img\" aria-labelledby=\"title desc\"",
        1,
    );
    format!(
        "{head}\n<title id=\"title\">{}</title>\n<desc id=\"desc\">{}</desc>\n<style>\n\
         text {{ font-family: system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif }}\n\
         @media (prefers-color-scheme: dark) {{\n{}\n}}\n</style>\n{body}",
        escape(title),
        escape(description),
        dark.join("\n"),
    )
}

/// How words look.
#[derive(Clone, Copy)]
pub(super) struct Font {
    size: u32,
    style: FontStyle,
    colour: RGBColor,
    anchor: HPos,
    upright: bool,
}

impl Font {
    pub(super) const fn new(size: u32) -> Self {
        let (style, colour) = (FontStyle::Normal, INK);
        Self { size, style, colour, anchor: HPos::Left, upright: false }
    }

    pub(super) const fn bold(self) -> Self {
        Self { style: FontStyle::Bold, ..self }
    }

    pub(super) const fn colour(self, colour: RGBColor) -> Self {
        Self { colour, ..self }
    }

    pub(super) const fn centred(self) -> Self {
        Self { anchor: HPos::Center, ..self }
    }

    pub(super) const fn to_the_left(self) -> Self {
        Self { anchor: HPos::Right, ..self }
    }

    /// Reads from bottom to top, as beside an axis.
    pub(super) const fn upright(self) -> Self {
        Self { upright: true, ..self }
    }
}

impl<'a> Canvas<'a> {
    /// Words, vertically centred at a point.
    pub(super) fn words(&self, words: &str, at: (i32, i32), font: &Font) {
        // Plotters divides by 1.24, what it takes for the height of a line.
        let size = f64::from(font.size) * 1.24;
        let plain = FontDesc::new(FontFamily::SansSerif, size, font.style);
        let turned = if font.upright { plain.transform(FontTransform::Rotate270) } else { plain };
        let style = turned.color(&font.colour).pos(Pos::new(font.anchor, VPos::Center));
        self.put(&Text::new(words.to_owned(), at, style));
    }

    /// A filled rectangle.
    pub(super) fn bar(&self, from: (i32, i32), to: (i32, i32), colour: RGBColor) {
        self.put(&Rectangle::new([from, to], colour.filled()));
    }

    /// A line through points.
    pub(super) fn line(&self, points: Vec<(i32, i32)>, colour: RGBColor, width: u32) {
        self.put(&PathElement::new(points, colour.stroke_width(width)));
    }

    /// A straight line of dashes.
    pub(super) fn dashes(&self, points: Vec<(i32, i32)>, colour: RGBColor, width: u32) {
        let style = colour.stroke_width(width);
        self.put(&DashedPathElement::new(points, 10, 8, style));
    }

    /// A dot.
    pub(super) fn dot(&self, at: (i32, i32), colour: RGBColor) {
        self.put(&Circle::new(at, 6, colour.filled()));
    }

    fn put<E>(&self, element: &E)
    where
        E: Drawable<SVGBackend<'a>>,
        for<'e> &'e E: PointCollection<'e, (i32, i32)>,
    {
        self.area.draw(element).expect("a string takes all that is written to it");
    }
}
