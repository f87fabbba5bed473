// Reads the parts of the deck, and holds what every slide must have: minutes, notes, no typed code
// and no typed figure.

import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { SLIDES, sources } from "./figures.mjs";

// How long the slides may take: half a day has four hours, a day eight with lunch, and
// the rest is for breaks. The case studies are shown one by one, each within its own budget.
export const FORMATS = [
  { name: "talk", title: "90-minute talk", minutes: 90 },
  { name: "half-day", title: "half-day workshop", minutes: 210 },
  { name: "full-day", title: "full-day workshop", minutes: 390 },
  { name: "case-studies", title: "case studies", minutes: Infinity },
];
const STUDIES = FORMATS.length - 1;

// Which formats a part is in, by its number: each case study brings a part 08, and part 10 is what one
// shows when the room asks, at the end of every format and beside its minutes.
export function kind(file) {
  if (/^08-/.test(file)) return "study";
  return /^10-/.test(file) ? "asked" : "lesson";
}

const COLUMNS = { lesson: [0, 1, 2], study: [STUDIES], asked: [] };

export function formatNamed(name) {
  if (!FORMATS.some((format) => format.name === name)) {
    throw new DeckError("the deck", `there is no format ${name}. Try one of: ${FORMATS.map(({ name }) => name).join(", ")}`);
  }
  return name;
}

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
  const sort = kind(where);
  const [title, budget] = [value("title"), minutes(value("budget"), where, sort)];
  if (!title) throw new DeckError(where, "the part has no title");
  const body = text.replaceAll("\r\n", "\n").slice(front[0].length);
  const slides = body.split(/^---$/m).map((markdown, i) => slide(markdown, `${where}, slide ${i + 1}`, sort));
  answered(slides);
  const total = FORMATS.map((_, i) => slides.reduce((sum, slide) => sum + slide.minutes[i], 0));
  FORMATS.forEach(({ title }, i) => {
    if (total[i] > budget[i]) {
      throw new DeckError(where, `${total[i]} minutes in the ${title}, but its budget is ${budget[i]}`);
    }
  });
  return { path, where, kind: sort, title, budget, total, slides };
}

// A prediction is answered before the next one, in each format that asks for it: with the letter of
// one of its choices, on a slide of the class answer.
function answered(slides) {
  for (const [i, asked] of slides.entries()) {
    if (asked.class !== "predict") continue;
    const next = slides.findIndex((slide, j) => j > i && slide.class === "predict");
    const answer = slides.slice(i + 1, next < 0 ? undefined : next).find((slide) => slide.class === "answer");
    if (!answer) throw new DeckError(asked.where, "the prediction has no answer: a slide of the class answer is missing before the next prediction");
    const choices = asked.markdown.match(/^\d+\. /gm)?.length ?? 0;
    const letters = /^\*\*([A-Z](?:, [A-Z])*(?: and [A-Z])?)\*\*/m.exec(answer.markdown)?.[1].match(/\b[A-Z]\b/g);
    if (!letters) throw new DeckError(answer.where, "an answer begins with the letter of a choice, as in **B**");
    const beyond = letters.find((letter) => letter.charCodeAt(0) - 64 > choices);
    if (beyond) throw new DeckError(answer.where, `the prediction has ${choices} choices, and none is ${beyond}`);
    asked.minutes.forEach((minutes, format) => {
      if (minutes > 0 && answer.minutes[format] === 0) throw new DeckError(answer.where, `the ${FORMATS[format].title} asks for the prediction and leaves out its answer`);
    });
  }
}

// `1 / 2 / 3`: the minutes in the talk, in half a day and in a day; a dash leaves the slide out. A case
// study and a slide for questions have one number.
function minutes(text, where, sort) {
  const names = sort === "lesson" ? COLUMNS.lesson.map((i) => FORMATS[i].name) : [sort === "study" ? "case-studies" : "when the room asks"];
  const all = (text ?? "").split("/").map((each) => (each.trim() === "-" ? 0 : Number(each.trim() || NaN)));
  if (all.length !== names.length || all.some((each) => !(each >= 0))) {
    throw new DeckError(where, `minutes are like ${names.map((_, i) => i + 1).join(" / ")}, for ${names.join(" / ")}`);
  }
  return FORMATS.map((_, i) => (COLUMNS[sort].includes(i) ? all[COLUMNS[sort].indexOf(i)] : 0));
}

function slide(markdown, where, sort) {
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
  const time = minutes(given, where, sort);
  if (sort !== "asked" && !time.some((each) => each > 0)) throw new DeckError(where, "the slide takes no time in any format");
  const shown = markdown.replace(/<!--[\s\S]*?-->/g, (comment) => (comment.includes("Minutes:") ? "" : comment));
  const title = /^#+ (.*)$/m.exec(shown)?.[1];
  if (!title) throw new DeckError(where, "a slide has a heading");
  const named = /<!-- _class: (\S+)/.exec(shown)?.[1] ?? "";
  return { where, title, class: named, skip: /<!-- skip when late -->/.test(shown), asked: sort === "asked", minutes: time, notes: spoken, markdown: shown.trim() };
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

// The slides of a format in order, each with the minute at which it begins; at the end those for what
// the room asks.
export function slidesOf(parts, format) {
  const i = FORMATS.findIndex(({ name }) => name === formatNamed(format));
  const chosen = parts.flatMap(({ title, slides }) => slides.filter((slide) => slide.minutes[i] > 0).map((slide) => ({ slide, part: title })));
  if (chosen.length === 0) throw new DeckError("the deck", `no part has a slide for ${FORMATS[i].title}`);
  let begins = 0;
  const shown = chosen.map(({ slide, part }) => {
    const at = begins;
    begins += slide.minutes[i];
    return { ...slide, part, begins: at, takes: slide.minutes[i] };
  });
  const asked = parts.flatMap(({ title, slides }) => slides.filter((slide) => slide.asked).map((slide) => ({ ...slide, part: title, begins: null, takes: 0 })));
  return [...shown, ...asked];
}

// The Markdown that Marp gets: the slides of one format, with notes for the presenter view.
export function assembled(parts, format) {
  const head = "---\nmarp: true\ntheme: coffee\npaginate: true\n---\n";
  return `${head}\n${slidesOf(parts, format).map(one).join("\n\n---\n\n")}\n`;
}

export const clock = (minutes) => `${Math.floor(minutes)}:${String(Math.round((minutes % 1) * 60)).padStart(2, "0")}`;

function one(slide) {
  const time = slide.asked ? "when the room asks" : `${slide.takes} ${slide.takes === 1 ? "minute" : "minutes"}, from ${clock(slide.begins)} on`;
  const notes = slide.notes.map(({ label, said }) => `${label.toUpperCase()} ▸ ${said.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")}`);
  const from = sources(slide.markdown);
  const footer = from.length > 0 ? `\n\n<!-- _footer: "${from.join(" · ")}" -->` : "";
  return `<!-- _header: "${slide.part}" -->\n${slide.markdown}${footer}\n\n<!--\n${[`▸ ${time}`, ...notes].join("\n\n")}\n-->`;
}
