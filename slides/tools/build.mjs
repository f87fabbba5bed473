// Builds one self-contained HTML and one PDF into target/slides.
//
//   npm run build                the whole deck, as for a full day
//   npm run build -- talk        the slides of the 90-minute talk (or half-day), html only: -- talk --html

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { marpCli } from "@marp-team/marp-cli";
import { assembled, DeckError, FORMATS, parts, slidesOf } from "./deck.mjs";
import Engine from "./engine.mjs";
import { ROOT, SLIDES } from "./figures.mjs";
import { writeGuide } from "./guide.mjs";
import { typedFigures } from "./prose.mjs";

export const OUT = join(process.env.CARGO_TARGET_DIR ?? join(ROOT, "target"), "slides");
const require = createRequire(import.meta.url);

// Everything that can be wrong with a slide is found here, with its name.
export function checked(parts) {
  const engine = new Engine({});
  for (const slide of parts.flatMap(({ slides }) => slides)) {
    const said = slide.notes.map(({ said }) => said).join("\n");
    const typed = [...typedFigures(slide.markdown), ...typedFigures(said)];
    if (typed.length > 0) throw new DeckError(slide.where, `a figure comes from a file, this is typed: ${typed.join(" | ")}`);
    const [html] = slide.markdown.replace(/`[^`]*`|<!--[\s\S]*?-->|<https?:/g, "").match(/<[a-z][^>]*>/i) ?? [];
    if (html) throw new DeckError(slide.where, `a slide is Markdown, and includes what else it shows, but here is ${html}`);
    try {
      engine.render(slide.markdown);
    } catch (error) {
      throw new DeckError(slide.where, error.message);
    }
  }
  return parts;
}

// The theme with its fonts in it.
function theme() {
  const face = ([family, weight, style]) => {
    const slug = family.toLowerCase().replaceAll(" ", "-");
    const file = require.resolve(`@fontsource/${slug}/files/${slug}-latin-${weight}-${style}.woff2`);
    const data = readFileSync(file).toString("base64");
    return `@font-face { font-family: "${family}"; font-weight: ${weight}; font-style: ${style}; src: url(data:font/woff2;base64,${data}) format("woff2"); }`;
  };
  const faces = [
    ["Atkinson Hyperlegible", 400, "normal"],
    ["Atkinson Hyperlegible", 400, "italic"],
    ["Atkinson Hyperlegible", 700, "normal"],
    ["JetBrains Mono", 400, "normal"],
    ["JetBrains Mono", 700, "normal"],
  ].map(face);
  return `${readFileSync(join(SLIDES, "theme/coffee.css"), "utf8")}\n${faces.join("\n")}\n`;
}

function browser() {
  if (process.env.CHROME_PATH) return process.env.CHROME_PATH;
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    try {
      return execFileSync("which", [name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    } catch {
      // The next one, then.
    }
  }
  return null; // Marp looks where this system keeps its browsers.
}

async function marp(args) {
  const path = browser();
  if (path) process.env.CHROME_PATH = path;
  if (process.getuid?.() === 0) process.env.CHROME_NO_SANDBOX = "1"; // Chromium refuses root otherwise.
  const status = await marpCli([...args, "--engine", join(SLIDES, "tools/engine.mjs"), "--theme-set", join(OUT, "coffee.css"), "--html", "--no-config-file", "--no-stdin"]);
  if (status !== 0) throw new Error("Marp could not build the deck: what it said above says why");
}

// A key for light and dark, which every window of the deck follows.
const scheme = () => `<style>${readFileSync(join(SLIDES, "theme/page.css"), "utf8")}</style>
<script>${readFileSync(join(SLIDES, "theme/scheme.js"), "utf8")}</script>`;

// Writes NAME.html, and NAME.pdf if asked, from the Markdown of a deck.
export async function rendered(markdown, name, { pdf }) {
  mkdirSync(OUT, { recursive: true });
  const [source, html] = [join(OUT, `${name}.md`), join(OUT, `${name}.html`)];
  writeFileSync(source, markdown);
  writeFileSync(join(OUT, "coffee.css"), theme());
  await marp([source, "-o", html, "--title", "Coffee-shop concurrency, in Rust"]);
  const page = readFileSync(html, "utf8");
  writeFileSync(html, page.replace("</head>", () => `${scheme()}</head>`));
  if (pdf) await marp([source, "-o", join(OUT, `${name}.pdf`), "--pdf", "--pdf-outlines"]);
  return html;
}

export async function build(format = "full-day", { pdf = true } = {}) {
  const deck = checked(parts());
  const name = format === "full-day" ? "coffee-shop" : `coffee-shop-${format}`;
  const html = await rendered(assembled(deck, format), name, { pdf });
  return { html, slides: slidesOf(deck, format).length };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const words = process.argv.slice(2);
  const format = words.find((word) => !word.startsWith("--")) ?? "full-day";
  if (!FORMATS.some(({ name }) => name === format)) {
    console.error(`error: there is no format ${format}. Try one of: ${FORMATS.map(({ name }) => name).join(", ")}`);
    process.exit(1);
  }
  try {
    const { html, slides } = await build(format, { pdf: !words.includes("--html") });
    writeGuide();
    console.log(`${slides} slides: ${html}`);
  } catch (error) {
    console.error(`error: ${error.message}`);
    process.exit(1);
  }
}
