// Figures come from files: exact ones and the talk's from ./figures, measured ones from
// benches/data. A figure on a slide is a link, `[18.0 s](figures/exact.json#step=2/what=answer)`, so
// that it reads well on a code host, too; the build fails when its text is not what the file says.
// `npm run figures` writes the texts anew.

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const SLIDES = join(dirname(fileURLToPath(import.meta.url)), "..");
export const ROOT = join(SLIDES, "..");

export const isFigure = (href) => /\.json#/.test(href);

// Looks up `FILE#a/b=c/d`: keys, and in lists the records whose b is c. What remains must be one.
export function figure(href, folder = SLIDES) {
  const [path, query] = href.split("#");
  const file = join(folder, path);
  const data = JSON.parse(readFileSync(file, "utf8"));
  let at = data;
  let key = "";
  for (const word of query.split("/").map(decodeURIComponent)) {
    const [name, wanted] = word.split("=");
    if (wanted !== undefined) at = narrowed(at, name, wanted, href);
    else [at, key] = [single(at, href)[name], name];
    if (at === undefined) throw new Error(`${path} has no figure ${query}: there is no ${word}`);
  }
  const record = single(at, href);
  const value = record?.value ?? record;
  if (typeof value === "object") throw new Error(`${href} is no figure, but a whole record`);
  const kind = path.endsWith("talk.json") ? "quoted" : path.endsWith("exact.json") ? "exact" : "measured";
  const unit = record?.unit ?? (key.endsWith("_s") ? "s" : key.endsWith("_bytes") ? "B" : "");
  return { kind, text: words(value, unit, kind), source: source(kind, data) };
}

function narrowed(list, name, wanted, href) {
  if (!Array.isArray(list)) throw new Error(`${href}: there is no list in which ${name} could be ${wanted}`);
  const found = list.filter((record) => String(record[name]) === wanted);
  if (found.length === 0) throw new Error(`${href}: no record has ${name}=${wanted}`);
  return found;
}

function single(at, href) {
  if (!Array.isArray(at)) return at;
  if (at.length !== 1) throw new Error(`${href} means ${at.length} figures: say which one`);
  return at[0];
}

function words(value, unit, kind) {
  if (typeof value === "string") return value;
  if (unit === "s") return seconds(value, kind);
  if (unit === "B") return value < 1e7 ? `${(value / 1e6).toFixed(1)} MB` : `${grouped(Math.round(value / 1e6))} MB`;
  return `${grouped(value)}${unit ? ` ${unit}` : ""}`;
}

function seconds(value, kind) {
  if (kind === "exact") return `${grouped(value, 1)} s`;
  if (value < 1e-3) return `${Math.round(value * 1e6)} µs`;
  if (value < 1) return `${Math.round(value * 1e3)} ms`;
  return `${value.toFixed(kind === "quoted" ? 2 : 1)} s`;
}

const grouped = (value, digits) =>
  value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits ?? 3 });

function source(kind, data) {
  if (kind === "quoted") return "The talk's figures are Sadie Freeman's, from GopherCon UK 2022";
  if (kind === "exact") return "Exact: from the paused clock";
  const { machine, cores, compiler, date } = data.taken;
  return `Measured on ${machine}, ${cores} cores, ${compiler}, ${date}`;
}

const LINK = /\[([^\]]*)\]\(([^)\s]+\.json#[^)\s]+)\)/g;

// Where the figures of a text come from, each source once.
export function sources(markdown) {
  const links = [...markdown.matchAll(LINK)].map(([, , href]) => figure(href).source);
  return [...new Set(links)];
}

// The text with each figure as its file has it.
export const refreshed = (markdown, folder) =>
  markdown.replace(LINK, (_, __, href) => `[${figure(href, folder).text}](${href})`);
