// `npm run site`: all formats as a static site in target/slides/site, ready to publish: one page that
// leads to each deck and to its PDF. Every link is relative, so it works under any path.

import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, nameOf, OUT } from "./build.mjs";
import { FORMATS, parts, slidesOf } from "./deck.mjs";
import { SLIDES } from "./figures.mjs";

const STYLE = `
  :root { color-scheme: light dark; }
  body { font: 20px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 12vh auto; padding: 0 1.5rem; background: light-dark(#fffdf8, #1c1613); color: light-dark(#2a211b, #f6efe7); }
  img { width: 100%; } a { color: light-dark(#1d5591, #9ccbf8); } li { margin: 0.4em 0; }
`;

function index(decks) {
  const row = ({ title, name, slides }) => `<li><a href="${name}.html">${title}</a>, ${slides} slides (<a href="${name}.pdf">PDF</a>)</li>`;
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Coffee-shop concurrency, in Rust</title><style>${STYLE}</style>
<h1>Coffee-shop concurrency, in Rust</h1>
<p>One coffee, then three, then as many as come.</p>
<img src="steps.svg" alt="Timelines of four ways to serve three customers, from 18 seconds to 2.">
<ul>${decks.map(row).join("\n")}</ul>
<p>In a deck: <kbd>p</kbd> for the presenter view, <kbd>o</kbd> for all slides, <kbd>d</kbd> for light or dark.</p>
</html>
`;
}

export async function site({ pdf = true } = {}) {
  const folder = join(OUT, "site");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const all = parts();
  const shown = FORMATS.filter(({ name }) => name !== "case-studies" || all.some(({ kind }) => kind === "study"));
  const decks = [];
  for (const { name: format, title } of shown) {
    await build(format, { pdf });
    const name = nameOf(format);
    for (const ending of pdf ? ["html", "pdf"] : ["html"]) copyFileSync(join(OUT, `${name}.${ending}`), join(folder, `${name}.${ending}`));
    decks.push({ title, name, slides: slidesOf(all, format).length });
  }
  writeFileSync(join(folder, "steps.svg"), readFileSync(join(SLIDES, "pictures/steps.svg")));
  writeFileSync(join(folder, "index.html"), index(decks));
  return folder;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log(join(await site(), "index.html"));
  } catch (error) {
    console.error(`error: ${error.message}`);
    process.exit(1);
  }
}
