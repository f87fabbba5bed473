//! The colours of an SVG: as attributes for a light page, which every viewer reads, and as a style
//! sheet for a dark one, which a browser puts on top.

use std::fmt::Write;

use crate::kind::{Kind, Paint};

pub(super) struct Scheme {
    pub(super) page: &'static str,
    pub(super) ink: &'static str,
    pub(super) soft: &'static str,
    pub(super) line: &'static str,
    pub(super) mark: &'static str,
}

pub(super) const LIGHT: Scheme =
    Scheme { page: "#fffdf8", ink: "#2a211b", soft: "#6d6057", line: "#e3dacd", mark: "#b3261e" };

const DARK: Scheme =
    Scheme { page: "#1c1613", ink: "#f6efe7", soft: "#b9aa9c", line: "#3d332c", mark: "#ff8a7a" };

/// The outline of a bar on a light page.
pub(super) fn edge(paint: &Paint) -> &'static str {
    paint.edge.unwrap_or(LIGHT.page)
}

/// The style sheet: nothing but the dark colours, because viewers apart from browsers read style
/// sheets by halves.
///
/// LibreOffice does not know `@media` and takes all rules in it but the first as meant for it.
/// `:root` keeps it out: it does not know that either, so no rule fits.
pub(super) fn dark_style<K: Kind>() -> String {
    let Scheme { page, ink, soft, line, mark } = DARK;
    let mut style = format!(
        "@media (prefers-color-scheme: dark) {{\n\
         :root .page {{ fill: {page} }}\n:root .ink {{ fill: {ink} }}\n\
         :root .soft {{ fill: {soft} }}\n:root .line {{ stroke: {line} }}\n\
         :root .mark {{ fill: {mark} }}\n:root .stroke {{ stroke: {mark} }}\n"
    );
    for kind in K::ALL {
        let Paint { fill, edge, name } = kind.look().dark;
        let (class, edge) = (kind.name(), edge.unwrap_or(page));
        let _ = writeln!(style, ":root .{class} {{ fill: {fill}; stroke: {edge} }}");
        let _ = writeln!(style, ":root .on-{class} {{ fill: {name} }}");
    }
    style + "}\n"
}
