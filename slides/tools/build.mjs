// Builds one self-contained HTML and one PDF into target/slides.
//
//   npm run build                the whole deck, as for a full day
//   npm run build -- talk        the slides of the 90-minute talk (or half-day, or case-studies)
//   npm run build -- --html      without the PDF

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { marpCli } from "@marp-team/marp-cli";
import { browser } from "./browser.mjs";
import { assembled, DeckError, formatNamed, parts, slidesOf } from "./deck.mjs";
import Engine from "./engine.mjs";
import { ROOT, SLIDES } from "./figures.mjs";
import { linesOf } from "./include.mjs";
import { writeGuide } from "./guide.mjs";
import { misnamed } from "./names.mjs";
import { seconds } from "./pace.mjs";
import { typedFigures } from "./prose.mjs";

export const OUT = join(process.env.CARGO_TARGET_DIR ?? join(ROOT, "target"), "slides");
const require = createRequire(import.meta.url);

// Everything that can be wrong with a slide is found here, with its name.
export function checked(parts) {
  const engine = new Engine({});
  const slides = parts.flatMap(({ slides }) => slides);
  for (const slide of slides) {
    const said = slide.notes.map(({ said }) => said).join("\n");
    const typed = [...typedFigures(slide.markdown), ...typedFigures(said)];
    if (typed.length > 0) throw new DeckError(slide.where, `a figure comes from a file, this is typed: ${typed.join(" | ")}`);
    const [html] = slide.markdown.replace(/`[^`]*`|<!--[\s\S]*?-->|<https?:/g, "").match(/<[a-z][^>]*>/i) ?? [];
    if (html) throw new DeckError(slide.where, `a slide is Markdown, and includes what else it shows, but here is ${html}`);
    const [wrong] = misnamed(slide, slides);
    if (wrong) throw new DeckError(slide.where, wrong);
    try {
      engine.render(slide.markdown);
    } catch (error) {
      throw new DeckError(slide.where, error.message);
    }
    const least = seconds(slide, linesOf(slide.markdown));
    const short = slide.minutes.find((minutes) => minutes > 0 && minutes * 60 < least);
    if (short) throw new DeckError(slide.where, `${short} minutes do not hold: reading, looking and running take ${Math.ceil(least)} s`);
  }
  return parts;
}

// The theme with its fonts in it.
export function theme() {
  const face = ([family, weight, style, from = family, range = ""]) => {
    const slug = from.toLowerCase().replaceAll(" ", "-");
    const file = require.resolve(`@fontsource/${slug}/files/${slug}-latin-${weight}-${style}.woff2`);
    const data = readFileSync(file).toString("base64");
    return `@font-face { font-family: "${family}"; font-weight: ${weight}; font-style: ${style}; src: url(data:font/woff2;base64,${data}) format("woff2");${range && ` unicode-range: ${range};`} }`;
  };
  const faces = [
    ["Atkinson Hyperlegible", 400, "normal"],
    ["Atkinson Hyperlegible", 400, "italic"],
    ["Atkinson Hyperlegible", 700, "normal"],
    // Its zeros are slashed, which blots large figures: the digits are another font's.
    ["Atkinson Hyperlegible", 400, "normal", "Inter", "U+30-39"],
    ["Atkinson Hyperlegible", 700, "normal", "Inter", "U+30-39"],
    ["JetBrains Mono", 400, "normal"],
    ["JetBrains Mono", 700, "normal"],
  ].map(face);
  return `${readFileSync(join(SLIDES, "theme/coffee.css"), "utf8")}\n${faces.join("\n")}\n`;
}

export async function marp(args) {
  const path = browser();
  if (path) process.env.CHROME_PATH = path;
  if (process.getuid?.() === 0) process.env.CHROME_NO_SANDBOX = "1"; // Chromium refuses root otherwise.
  const status = await marpCli([...args, "--engine", join(SLIDES, "tools/engine.mjs"), "--theme-set", join(OUT, "coffee.css"), "--html", "--no-config-file", "--no-stdin"]);
  if (status !== 0) throw new Error("Marp could not build the deck: what it said above says why");
}

// What the page does beside showing slides: light and dark, copying commands, the presenter's clock.
function page(plan) {
  const read = (name) => readFileSync(join(SLIDES, "theme", name), "utf8");
  const scripts = ["scheme.js", "copy.js", "presenter.js"].map((name) => `<script>${read(name)}</script>`);
  return `<style>${read("page.css")}</style>
<script type="application/json" id="plan">${JSON.stringify(plan)}</script>
${scripts.join("\n")}`;
}

// Writes NAME.html, and NAME.pdf if asked, from the Markdown of a deck. The plan says of each slide at
// which minute it begins.
export async function rendered(markdown, name, { pdf, plan = [] }) {
  mkdirSync(OUT, { recursive: true });
  const [source, html] = [join(OUT, `${name}.md`), join(OUT, `${name}.html`)];
  writeFileSync(source, markdown);
  writeFileSync(join(OUT, "coffee.css"), theme());
  await marp([source, "-o", html, "--title", "Coffee-shop concurrency, in Rust"]);
  writeFileSync(html, readFileSync(html, "utf8").replace("</head>", () => `${page(plan)}</head>`));
  if (pdf) await marp([source, "-o", join(OUT, `${name}.pdf`), "--pdf", "--pdf-outlines"]);
  return html;
}

export const nameOf = (format) => (format === "full-day" ? "coffee-shop" : `coffee-shop-${format}`);

export async function build(format = "full-day", { pdf = true } = {}) {
  const deck = checked(parts());
  const slides = slidesOf(deck, format);
  const plan = slides.map(({ begins, takes }) => [begins, takes]);
  const html = await rendered(assembled(deck, format), nameOf(format), { pdf, plan });
  return { html, slides: slides.length };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const words = process.argv.slice(2);
  try {
    const format = formatNamed(words.find((word) => !word.startsWith("--")) ?? "full-day");
    const { html, slides } = await build(format, { pdf: !words.includes("--html") });
    writeGuide();
    console.log(`${slides} slides: ${html}`);
  } catch (error) {
    console.error(`error: ${error.message}`);
    process.exit(1);
  }
}
