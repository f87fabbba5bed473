// A picture for a slide: colours as attributes, so that every viewer shows it, and the dark scheme as a
// style on top; the deck's letters and margins.

export const WIDTH = 1280;
export const MARGIN = 60;

// Each colour by what it is for: on light pages, and on dark ones.
const INKS = {
  page: ["#fffdf8", "#1c1613"],
  ink: ["#2a211b", "#f6efe7"],
  soft: ["#5f534a", "#c4b6a9"],
  line: ["#d9cdbd", "#4a3e36"],
  panel: ["#f5eee2", "#2a211c"],
  mark: ["#a3211a", "#ff9a8c"],
  pay: ["#2f7d5b", "#6fcf9f"],
  espresso: ["#7a431d", "#e0a877"],
  milk: ["#1d5591", "#9ccbf8"],
  pale: ["#cfe0f3", "#2c4058"],
};

const escaped = (text) => String(text).replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);
const round = (value) => (typeof value === "number" ? Math.round(value * 10) / 10 : value);

export function canvas(height, title, says, { width = WIDTH } = {}) {
  const parts = [];
  const used = new Set();
  const paint = (name, ink) => {
    if (!ink || ink === "none") return ` ${name}="none"`;
    used.add(`${name}-${ink}`);
    return ` ${name}="${INKS[ink][0]}" class="${name}-${ink}"`;
  };
  // An element has one class attribute, whatever is painted.
  const element = (tag, attributes, paints, content) => {
    const classes = [];
    const colours = paints.map(([name, ink]) => paint(name, ink).replace(/ class="([^"]*)"/, (_, name) => (classes.push(name), "")));
    const given = Object.entries(attributes).filter(([, value]) => value !== undefined).map(([name, value]) => ` ${name}="${escaped(round(value))}"`);
    const named = classes.length ? ` class="${classes.join(" ")}"` : "";
    parts.push(content === undefined ? `<${tag}${given.join("")}${colours.join("")}${named}/>` : `<${tag}${given.join("")}${colours.join("")}${named}>${escaped(content)}</${tag}>`);
  };
  return {
    box: (x, y, width, height, fill, { edge, radius = 6, opacity, dash, weight = 2 } = {}) =>
      element("rect", { x, y, width, height, rx: radius, "fill-opacity": opacity, "stroke-dasharray": dash, "stroke-width": edge ? weight : undefined }, edge ? [["fill", fill], ["stroke", edge]] : [["fill", fill]]),
    line: (d, ink, { weight = 2, dash } = {}) => element("path", { d: d.replace(/-?\d+\.\d+/g, (n) => round(Number(n))), "stroke-width": weight, "stroke-dasharray": dash, "stroke-linecap": "round", "stroke-linejoin": "round" }, [["fill", "none"], ["stroke", ink]]),
    shape: (d, ink) => element("path", { d }, [["fill", ink]]),
    dot: (cx, cy, r, ink) => element("circle", { cx, cy, r }, [["fill", ink]]),
    words: (x, y, text, { size = 24, ink = "ink", anchor, bold } = {}) =>
      element("text", { x, y, "font-size": size, "text-anchor": anchor, "font-weight": bold ? 700 : undefined }, [["fill", ink]], text),
    cross(x, y, ink = "mark", size = 11) {
      this.line(`M${x - size} ${y - size}L${x + size} ${y + size}M${x - size} ${y + size}L${x + size} ${y - size}`, ink, { weight: 5 });
    },
    arrow(x1, y1, x2, y2, ink = "ink") {
      const angle = Math.atan2(y2 - y1, x2 - x1);
      const wing = (turn) => `${x2 - 14 * Math.cos(angle + turn)} ${y2 - 14 * Math.sin(angle + turn)}`;
      this.line(`M${x1} ${y1}L${x2} ${y2}M${wing(0.45)}L${x2} ${y2}L${wing(-0.45)}`, ink, { weight: 3 });
    },
    svg() {
      const dark = [...used].sort().map((name) => {
        const [property, ink] = name.split(/-(.*)/);
        return `.${name} { ${property}: ${INKS[ink][1]}; }`;
      });
      return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title desc" font-family="'Atkinson Hyperlegible', system-ui, sans-serif">
<title id="title">${escaped(title)}</title>
<desc id="desc">${escaped(says)}</desc>
<style>
@media (prefers-color-scheme: dark) {
.page { fill: ${INKS.page[1]}; }
${dark.join("\n")}
}
</style>
<rect class="page" width="${width}" height="${height}" rx="16" fill="${INKS.page[0]}"/>
${parts.join("\n")}
</svg>
`;
    },
  };
}
