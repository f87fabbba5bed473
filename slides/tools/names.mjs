// What a note names must be there: a slide by its title, a test by its name, a file by its path. What
// moves when the deck changes is no name: "two slides back", "the first test".

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { ROOT } from "./figures.mjs";

const NUMBERS = "one|two|three|four|five|six|seven|eight|nine|ten|a few|some";
const LOOSE = [
  [new RegExp(String.raw`\b(?:${NUMBERS}|\d+) slides? (?:back|forward|earlier|later|before|after)\b|\b(?:back|forward) (?:${NUMBERS}|\d+) slides?\b`, "i"), 'names a slide by counting: write the slide "TITLE"'],
  [/\bthe (?:first|second|third|last|next|previous) (?:test|slide)\b/i, "names a test or a slide by its place: write its name"],
  [new RegExp(String.raw`\b(?:${NUMBERS}) (?:times|lines of)\b`, "i"), "has a figure in words: say it without, or take it from a file"],
];

let repository = null;
function files() {
  repository ??= listed().filter((path) => !path.startsWith("target/"));
  return repository;
}

// What git knows, or, in a copy without git, what is there.
function listed() {
  try {
    return execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).split("\n").filter(Boolean);
  } catch {
    const found = execFileSync("find", [".", "-type", "f", "-not", "-path", "*/node_modules/*", "-not", "-path", "./target/*"], { cwd: ROOT, encoding: "utf8" });
    return found.split("\n").filter(Boolean).map((path) => path.slice(2));
  }
}

let functions = null;
function tests() {
  const sources = files().filter((path) => path.endsWith(".rs") && existsSync(join(ROOT, path)));
  functions ??= new Set(sources.flatMap((path) => [...readFileSync(join(ROOT, path), "utf8").matchAll(/\bfn (\w+)/g)].map((match) => match[1])));
  return functions;
}

// What is wrong with the names in the notes of a slide, in sentences.
export function misnamed(slide, slides) {
  const titles = new Set(slides.map(({ title }) => title));
  return slide.notes.flatMap(({ label, said }) => {
    const faults = LOOSE.filter(([pattern]) => pattern.test(said)).map(([, what]) => `the note ${label} ${what}`);
    for (const [, title] of said.matchAll(/\bslides? "([^"]+)"/g)) {
      if (!titles.has(title)) faults.push(`the note ${label} names the slide "${title}", and there is none`);
    }
    for (const [name] of said.matchAll(/\b[a-z]+(?:_[a-z0-9]+){2,}\b/g)) {
      if (!tests().has(name) && !said.includes(`${name}_total`)) faults.push(`the note ${label} names ${name}, and there is no such test or function`);
    }
    for (const [path] of said.matchAll(/(?<![\w/.])[\w./-]+\.(?:rs|md|svg|toml|ya?ml|json|sh)\b/g)) {
      const known = path.includes("/") ? files().some((file) => file === path || file.endsWith(`/${path}`)) : files().some((file) => basename(file) === path);
      if (!known) faults.push(`the note ${label} names ${path}, and there is no such file`);
    }
    return faults;
  });
}
