use std::fmt::Debug;

use anstyle::AnsiColor;

/// What spans there are in a program, how they look, and the words with which the program speaks
/// of them. Implement it for an enum without fields.
///
/// The plural of each word is the word with an s.
pub trait Kind: Copy + Debug + PartialEq + Send + Sync + 'static {
    /// The kinds in the order in which a legend names them.
    const ALL: &'static [Self];

    /// What is served, such as `customer`. As JSON it is a key, so a lower-case word.
    const LANE: &'static str;

    /// What a lane waits for, such as `coffee`.
    const PRODUCT: &'static str;

    /// What one span is, such as `action`. As JSON it is a key, so a lower-case word.
    const SPAN: &'static str = "span";

    /// What is done to all lanes, such as `serve coffee to`: "Took 2.0 s to serve coffee to 3
    /// customers".
    const TASK: &'static str = "serve";

    /// The kind in one lower-case word, which is also its class in an SVG.
    #[must_use]
    fn name(self) -> &'static str;

    /// How its bars look.
    #[must_use]
    fn look(self) -> Look;
}

/// How the bars of one kind look in the drawings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// One ASCII character, which a bar without colour is made of.
    pub sign: char,
    /// What it is painted in a terminal, where its name is black.
    pub terminal: AnsiColor,
    /// The colours of an SVG on a light page.
    pub light: Paint,
    /// The colours of an SVG on a dark page.
    pub dark: Paint,
}

/// The colours of a bar in an SVG, as SVG writes them: `#2f7d5b`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paint {
    /// The bar.
    pub fill: &'static str,
    /// Its outline; `None` is the page's colour, which parts a bar from its neighbour.
    pub edge: Option<&'static str>,
    /// The name in it.
    pub name: &'static str,
}

impl Paint {
    const fn of(fill: &'static str, name: &'static str) -> Self {
        Self { fill, edge: None, name }
    }
}

/// The workshop's palette. Neighbours differ in lightness, too, for those who do not see the hue.
impl Look {
    /// Green, signed `$`.
    pub const GREEN: Self = Self {
        sign: '$',
        terminal: AnsiColor::Green,
        light: Paint::of("#2f7d5b", "#ffffff"),
        dark: Paint::of("#6fcf9f", "#0d2a1c"),
    };

    /// Brown, in a terminal yellow, signed `#`.
    pub const BROWN: Self = Self {
        sign: '#',
        terminal: AnsiColor::Yellow,
        light: Paint::of("#5b3420", "#ffffff"),
        dark: Paint::of("#c98b5e", "#2a1508"),
    };

    /// Milky blue, in a terminal white, signed `~`.
    pub const PALE: Self = Self {
        sign: '~',
        terminal: AnsiColor::BrightWhite,
        light: Paint { edge: Some("#7f93a8"), ..Paint::of("#cfe0f3", "#1d2b3a") },
        dark: Paint::of("#eaf2fb", "#1d2b3a"),
    };

    /// Violet, in a terminal magenta, signed `=`.
    pub const VIOLET: Self = Self {
        sign: '=',
        terminal: AnsiColor::Magenta,
        light: Paint::of("#7a4f9a", "#ffffff"),
        dark: Paint::of("#c9a6e4", "#2a1238"),
    };

    /// Yellow, in a terminal cyan, signed `+`.
    pub const AMBER: Self = Self {
        sign: '+',
        terminal: AnsiColor::Cyan,
        light: Paint { edge: Some("#a9791c"), ..Paint::of("#f3c969", "#3a2a08") },
        dark: Paint::of("#f3c969", "#3a2a08"),
    };

    /// The same colours with another sign.
    #[must_use]
    pub const fn signed(self, sign: char) -> Self {
        Self { sign, ..self }
    }
}
