// The agenda in the instructor's guide: what the minutes of the slides add up to.
//
//   npm run guide              writes it
//   npm run guide -- --check   fails when it is not current

import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { DeckError, FORMATS, parts } from "./deck.mjs";
import { SLIDES } from "./figures.mjs";

const [START, END] = ["<!-- agenda: npm run guide writes it -->", "<!-- end of the agenda -->"];

const time = (minutes) => (minutes === 0 ? "–" : `${minutes} min`);

export function agenda(parts) {
  const sum = (key, i) => parts.reduce((sum, part) => sum + part[key][i], 0);
  FORMATS.forEach(({ title, minutes }, i) => {
    if (sum("budget", i) > minutes) throw new DeckError("the deck", `budgets of ${sum("budget", i)} minutes for the ${title} of ${minutes}`);
  });
  const slides = (part) => FORMATS.map((_, i) => part.slides.filter((slide) => slide.minutes[i] > 0).length);
  const row = (first, cells) => `| ${first} | ${cells.join(" | ")} |`;
  const cell = (minutes, slides, budget) => `${time(minutes)} of ${budget}, ${slides} slides`;
  const rows = parts.map((part) => {
    const counts = slides(part);
    const cells = FORMATS.map((_, i) => (part.total[i] ? cell(part.total[i], counts[i], part.budget[i]) : "–"));
    return row(`[${part.title}](${basename(part.path)})`, cells);
  });
  const totals = FORMATS.map(({ minutes }, i) => `**${cell(sum("total", i), parts.reduce((n, part) => n + slides(part)[i], 0), minutes)}**`);
  return [row("part", FORMATS.map(({ title }) => title)), row("---", FORMATS.map(() => "---")), ...rows, row("**together**", totals)].join("\n");
}

export function guide(text, parts) {
  const [before, rest] = text.split(START);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new DeckError("README.md", "the place of the agenda is missing");
  return `${before}${START}\n\n${agenda(parts)}\n\n${END}${after}`;
}

const path = join(SLIDES, "README.md");

export function writeGuide() {
  writeFileSync(path, guide(readFileSync(path, "utf8"), parts()));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = readFileSync(path, "utf8");
  if (!process.argv.includes("--check")) writeGuide();
  else if (guide(text, parts()) !== text) {
    console.error("error: the agenda in slides/README.md is not current: npm run guide");
    process.exit(1);
  }
}
