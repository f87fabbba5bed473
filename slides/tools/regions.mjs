// Finds a named region in a file. Code is named by its item (`serve`, `Asker::still_waits`), YAML by
// its key (`resources`), a Dockerfile by its stage, what an example printed by its section (`timeline`): the sources need no
// marks for that. Where nothing else names a region, comments do: `region: NAME` ... `endregion`.

import { basename, extname } from "node:path";

export function region(text, name, path) {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  const found = name ? (marked(lines, name) ?? byKind(path)(lines, name)) : [lines];
  if (found.length === 0) throw new Error(`${path} has no region ${name}`);
  if (found.length > 1) throw new Error(`${path} has ${found.length} regions ${name}: name one of them in full`);
  const body = dedent(trimmed(found[0]));
  if (body.length === 0) throw new Error(`the region ${name || "of the whole file"} of ${path} is empty`);
  return body.join("\n");
}

function byKind(path) {
  if (basename(path) === "Dockerfile") return stages;
  switch (extname(path)) {
    case ".rs":
    case ".go":
      return items;
    case ".yaml":
    case ".yml":
      return keys;
    case ".txt":
      return sections;
    default:
      return () => [];
  }
}

function marked(lines, name) {
  const mark = (line) => /^\s*(?:\/\/|#)\s*(region|endregion)(?::\s*(\S+))?\s*$/.exec(line);
  const starts = lines.flatMap((line, i) => (mark(line)?.[2] === name ? [i] : []));
  if (starts.length === 0) return null;
  return starts.map((start) => {
    const end = lines.findIndex((line, i) => i > start && mark(line)?.[1] === "endregion");
    if (end < 0) throw new Error(`the region ${name} has no end`);
    return lines.slice(start + 1, end).filter((line) => !mark(line));
  });
}

const WORDS = String.raw`(?:pub(?:\([^)]*\))?\s+)?(?:(?:const|async)\s+)*`;
const ITEM = (name) =>
  new RegExp(String.raw`^\s*(?:${WORDS}(?:fn|struct|enum|trait|type|const|static|mod)|func(?:\s*\([^)]*\))?)\s+${name}\b`);

function items(lines, name) {
  const [owner, member] = name.includes("::") ? name.split("::") : [null, name];
  if (!owner) return starts(lines, ITEM(member)).map((start) => item(lines, start));
  const block = new RegExp(String.raw`^impl\b.*\b${owner}\b[^;]*\{`);
  return starts(lines, block).flatMap((start) => items(item(lines, start), member));
}

const starts = (lines, pattern) => lines.flatMap((line, i) => (pattern.test(line) ? [i] : []));

// From the attributes above the item to its closing brace; its documentation, and that of
// its fields, stays in the file.
function item(lines, start) {
  let first = start;
  while (first > 0 && /^\s*#\[.*\]\s*$/.test(lines[first - 1])) first -= 1;
  return lines.slice(first, end(lines, start) + 1).filter((line) => !/^\s*\/\/\//.test(line));
}

// The line on which the item that starts here ends: at its closing brace, or, without a body, at
// its semicolon. Braces in strings, characters and comments do not count.
function end(lines, start) {
  let depth = 0;
  for (let i = start; i < lines.length; i += 1) {
    const code = lines[i]
      .replace(/"(?:[^"\\]|\\.)*"/g, '""')
      .replace(/'(?:[^'\\]|\\.)'/g, "''")
      .replace(/\/\/.*$/, "");
    for (const sign of code) {
      if ("{([".includes(sign)) depth += 1;
      if ("})]".includes(sign)) {
        depth -= 1;
        if (depth === 0 && sign === "}") return i;
      }
      if (sign === ";" && depth === 0) return i;
    }
  }
  throw new Error(`the item in line ${start + 1} does not end`);
}

// A key with what is indented below it. `a.b` is the b below the a.
function keys(lines, name) {
  const [first, ...rest] = name.split(".");
  const found = starts(lines, new RegExp(String.raw`^\s*(?:- )?${first}:`)).map((start) => {
    const depth = lines[start].search(/[^\s-]/);
    let stop = start + 1;
    while (stop < lines.length && (lines[stop].trim() === "" || lines[stop].search(/\S/) > depth)) stop += 1;
    return lines.slice(start, stop);
  });
  if (rest.length === 0) return found;
  return found.flatMap((block) => keys(block.slice(1), rest.join(".")));
}

// A stage of a Dockerfile, by its name or by the image it begins from. Its comments and labels, which
// only speak about it, stay in the file.
function stages(lines, name) {
  const from = (line) => /^FROM (\S+)(?: AS (\S+))?$/.exec(line);
  const found = lines.flatMap((line, i) => (from(line)?.slice(1).includes(name) ? [i] : []));
  return found.map((start) => {
    const next = lines.findIndex((line, i) => i > start && from(line));
    const text = lines.slice(start, next < 0 ? undefined : next).join("\n");
    return text.replace(/^#.*\n?/gm, "").replace(/^LABEL (?:.*\\\n)*.*\n/gm, "").split("\n");
  });
}

// What an example prints comes in paragraphs.
const SECTIONS = {
  log: (paragraph) => paragraph.some((line) => line.startsWith("Took ")),
  timeline: (paragraph) => paragraph.some((line) => line.startsWith("answer ")),
  lesson: (paragraph, i, all) => /^\$ pay/.test(all[i - 1]?.[0] ?? ""),
};

function sections(lines, name) {
  const paragraphs = lines.join("\n").split(/\n{2,}/).map((text) => text.split("\n"));
  const section = SECTIONS[name];
  return section ? paragraphs.filter(section) : [];
}

function trimmed(lines) {
  const full = (line) => line.trim() !== "";
  const [first, last] = [lines.findIndex(full), lines.findLastIndex(full)];
  return first < 0 ? [] : lines.slice(first, last + 1);
}

function dedent(lines) {
  const depths = lines.filter((line) => line.trim()).map((line) => line.search(/\S/));
  const depth = Math.min(...depths);
  return lines.map((line) => line.slice(depth).trimEnd().replaceAll("\t", "    "));
}

// Both versions in one: `-` was, `+` is, all else is the same. The longest common subsequence.
export function diff(before, after) {
  const [a, b] = [before.split("\n"), after.split("\n")];
  const common = Array.from({ length: a.length + 1 }, () => new Array(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      common[i][j] = a[i] === b[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
    }
  }
  const out = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      out.push(`  ${a[i]}`);
      i += 1;
      j += 1;
    } else if (i < a.length && (j === b.length || common[i + 1][j] >= common[i][j + 1])) {
      out.push(`- ${a[i]}`);
      i += 1;
    } else {
      out.push(`+ ${b[j]}`);
      j += 1;
    }
  }
  if (out.every((line) => line.startsWith("  "))) throw new Error("there is no difference to show");
  return out.map((line) => line.trimEnd()).join("\n");
}

// Of a difference only what changed, with some lines around it.
export function hunks(text, around = 2) {
  const lines = text.split("\n");
  const changed = lines.flatMap((line, i) => (/^[-+] ?/.test(line) ? [i] : []));
  const near = lines.filter((_, i) => changed.some((j) => Math.abs(i - j) <= around));
  return dedented(near);
}

// Takes the common depth away behind the sign.
function dedented(lines) {
  const depth = Math.min(...lines.filter((line) => line.slice(2).trim()).map((line) => line.slice(2).search(/\S/)));
  return lines.map((line) => `${line.slice(0, 2)}${line.slice(2 + depth)}`.trimEnd()).join("\n");
}
