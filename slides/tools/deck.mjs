// Reads the parts of the deck, and holds what every slide must have: minutes, notes, no typed code
// and no typed figure.

import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { SLIDES, sources } from "./figures.mjs";

// How long the slides may take: half a day has four hours, a day eight with lunch, and
// the rest is for breaks.
export const FORMATS = [
  { name: "talk", title: "90-minute talk", minutes: 90 },
  { name: "half-day", title: "half-day workshop", minutes: 210 },
  { name: "full-day", title: "full-day workshop", minutes: 390 },
];

const NOTES = ["Say", "Ask", "Demo", "Watch out"];

export class DeckError extends Error {
  constructor(where, what) {
    super(`${where}: ${what}`);
  }
}

export function parts(folder = SLIDES) {
  return partFiles(folder).map((path) => part(readFileSync(path, "utf8"), path));
}

export function partFiles(folder = SLIDES) {
  const names = readdirSync(folder).filter((name) => /^\d\d-.*\.md$/.test(name));
  return names.sort().map((name) => join(folder, name));
}

export function part(text, path) {
  const where = basename(path);
  const front = /^---\n([\s\S]*?)\n---\n/.exec(text.replaceAll("\r\n", "\n"));
  if (!front) throw new DeckError(where, "a part begins with --- and its title and budget");
  const value = (key) => new RegExp(`^${key}: (.*)$`, "m").exec(front[1])?.[1].trim();
  const [title, budget] = [value("title"), minutes(value("budget"), where)];
  if (!title) throw new DeckError(where, "the part has no title");
  const body = text.replaceAll("\r\n", "\n").slice(front[0].length);
  const slides = body.split(/^---$/m).map((markdown, i) => slide(markdown, `${where}, slide ${i + 1}`));
  const total = FORMATS.map((_, i) => slides.reduce((sum, slide) => sum + slide.minutes[i], 0));
  FORMATS.forEach(({ title }, i) => {
    if (total[i] > budget[i]) {
      throw new DeckError(where, `${total[i]} minutes in the ${title}, but its budget is ${budget[i]}`);
    }
  });
  return { path, where, title, budget, total, slides };
}

// `1 / 2 / 3`: the minutes in the talk, in half a day and in a day; a dash leaves the slide out.
function minutes(text, where) {
  const all = (text ?? "").split("/").map((each) => (each.trim() === "-" ? 0 : Number(each.trim() || NaN)));
  if (all.length !== FORMATS.length || all.some((each) => !(each >= 0))) {
    throw new DeckError(where, `minutes are like 1 / 2 / 3, for ${FORMATS.map(({ name }) => name).join(" / ")}`);
  }
  return all;
}

function slide(markdown, where) {
  const comments = [...markdown.matchAll(/<!--([\s\S]*?)-->/g)].map((match) => match[1].trim());
  const notes = comments.filter((comment) => comment.startsWith("Minutes:"));
  if (notes.length !== 1) throw new DeckError(where, "a slide has one comment that begins with Minutes:");
  const lines = paragraphs(notes[0]);
  const [, given] = /^Minutes: (.*)$/.exec(lines[0]) ?? [];
  const spoken = NOTES.map((label, i) => {
    const said = new RegExp(`^${label}: (.+)$`).exec(lines[i + 1] ?? "")?.[1];
    if (!said) throw new DeckError(where, `the notes are Minutes, ${NOTES.join(", ")}, in this order; ${label} is missing`);
    return { label, said };
  });
  if (lines.length > NOTES.length + 1) throw new DeckError(where, `nobody knows the note "${lines.at(-1)}"`);
  const time = minutes(given, where);
  if (!time.some((each) => each > 0)) throw new DeckError(where, "the slide takes no time in any format");
  const shown = markdown.replace(/<!--[\s\S]*?-->/g, (comment) => (comment.includes("Minutes:") ? "" : comment));
  const title = /^#+ (.*)$/m.exec(shown)?.[1];
  if (!title) throw new DeckError(where, "a slide has a heading");
  return { where, title, minutes: time, notes: spoken, markdown: shown.trim() };
}

// A label begins a line; what follows is indented.
function paragraphs(text) {
  const out = [];
  for (const line of text.split("\n").filter((line) => line.trim())) {
    if (/^\s/.test(line)) out[out.length - 1] += ` ${line.trim()}`;
    else out.push(line.trim());
  }
  return out;
}

// The Markdown that Marp gets: the slides of one format, with notes for the presenter view.
export function assembled(parts, format) {
  const i = FORMATS.findIndex(({ name }) => name === format);
  const head = "---\nmarp: true\ntheme: coffee\npaginate: true\n---\n";
  const slides = parts.flatMap(({ title, slides }) =>
    slides.filter((slide) => slide.minutes[i] > 0).map((slide) => one(slide, title, slide.minutes[i])),
  );
  return `${head}\n${slides.join("\n\n---\n\n")}\n`;
}

function one(slide, part, minutes) {
  const time = `${minutes} ${minutes === 1 ? "minute" : "minutes"}`;
  const notes = slide.notes.map(({ label, said }) => `${label.toUpperCase()} ▸ ${said.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")}`);
  const from = sources(slide.markdown);
  const footer = from.length > 0 ? `\n\n<!-- _footer: "${from.join(" · ")}" -->` : "";
  return `<!-- _header: "${part}" -->\n${slide.markdown}${footer}\n\n<!--\n${[`▸ ${time}`, ...notes].join("\n\n")}\n-->`;
}

export const slidesOf = (parts, format) => {
  const i = FORMATS.findIndex(({ name }) => name === format);
  return parts.flatMap(({ slides }) => slides).filter((slide) => slide.minutes[i] > 0);
};
