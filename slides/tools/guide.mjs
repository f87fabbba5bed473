// The agenda in the instructor's guide: what the minutes of the slides add up to.
//
//   npm run guide              writes it
//   npm run guide -- --check   fails when it is not current

import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { clock, DeckError, FORMATS, parts } from "./deck.mjs";
import { SLIDES } from "./figures.mjs";

const [START, END] = ["<!-- agenda: npm run guide writes it -->", "<!-- end of the agenda -->"];

const time = (minutes) => (minutes === 0 ? "–" : `${minutes} min`);

export function agenda(all) {
  const parts = all.filter(({ kind }) => kind === "lesson");
  const formats = FORMATS.filter(({ name }) => name !== "case-studies");
  const sum = (key, i) => parts.reduce((sum, part) => sum + part[key][i], 0);
  formats.forEach(({ title, minutes }, i) => {
    if (sum("budget", i) > minutes) throw new DeckError("the deck", `budgets of ${sum("budget", i)} minutes for the ${title} of ${minutes}`);
  });
  const slides = (part) => formats.map((_, i) => part.slides.filter((slide) => slide.minutes[i] > 0).length);
  const row = (first, cells) => `| ${first} | ${cells.join(" | ")} |`;
  const cell = (minutes, slides, budget) => `${time(minutes)} of ${budget}, ${slides} slides`;
  const rows = parts.map((part) => {
    const counts = slides(part);
    const cells = formats.map((_, i) => (part.total[i] ? cell(part.total[i], counts[i], part.budget[i]) : "–"));
    return row(`[${part.title}](${basename(part.path)})`, cells);
  });
  const totals = formats.map(({ minutes }, i) => `**${cell(sum("total", i), parts.reduce((n, part) => n + slides(part)[i], 0), minutes)}**`);
  const table = [row("part", formats.map(({ title }) => title)), row("---", formats.map(() => "---")), ...rows, row("**together**", totals)];
  return [...table, ...studies(all.filter(({ kind }) => kind === "study")), ...late(parts)].join("\n");
}

// The case studies are a format of their own, one part each.
function studies(parts) {
  if (parts.length === 0) return [];
  const rows = parts.map((part) => `| [${part.title}](${basename(part.path)}) | ${time(part.total.at(-1))} of ${part.budget.at(-1)}, ${part.slides.length} slides |`);
  return ["", "| case study | minutes |", "| --- | --- |", ...rows];
}

// Where the talk should be, and what of the part it may leave out when it is not there yet.
function late(parts) {
  let begins = 0;
  const rows = parts.map((part) => {
    const at = begins;
    begins += part.total[0];
    const skipped = part.slides.filter(({ skip, minutes }) => skip && minutes[0] > 0);
    const saved = skipped.reduce((sum, { minutes }) => sum + minutes[0], 0);
    const what = skipped.map(({ title }) => `*${title}*`).join(", ");
    return `| ${clock(at)} | ${part.title} | ${saved ? `${what}: ${time(saved)}` : "nothing"} |`;
  });
  const checks = [45, 60].map((minute) => `at minute ${minute} you should be on *${slideAt(parts, minute)}*`);
  const sentence = `In the talk ${checks.join(", and ")}. If you are not there yet, leave out what stands in the last column from there on:`;
  return ["", sentence, "", "| minute | begins | if you are late, leave out |", "| --- | --- | --- |", ...rows];
}

function slideAt(parts, minute) {
  const slides = parts.flatMap(({ slides }) => slides).filter(({ minutes }) => minutes[0] > 0);
  let begins = 0;
  for (const { title, minutes } of slides) {
    begins += minutes[0];
    if (begins > minute) return title;
  }
  return "the end";
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
