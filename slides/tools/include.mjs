// The plugin for Marp: what a slide shows comes from the repository. A link that stands alone in its
// paragraph and has the title "code", "diff from FILE#REGION" or "output" becomes what it points to; a picture
// becomes a part of the page; a link into a data file becomes a figure. On a code host the same
// Markdown shows links that lead to the sources, and the same pictures.

import { readFileSync } from "node:fs";
import { extname, join, relative } from "node:path";
import { figure, isFigure, ROOT, SLIDES } from "./figures.mjs";
import { diff, hunks, region } from "./regions.mjs";

const LANGUAGES = { ".rs": "rust", ".go": "go", ".yaml": "yaml", ".yml": "yaml", ".txt": "text" };

// Every file that a build has read, so that a change of one of them can be noticed.
export const inputs = new Set();

function read(file) {
  inputs.add(file);
  return readFileSync(file, "utf8");
}

export function shown(href, folder = SLIDES) {
  const [path, name] = href.split("#");
  const file = join(folder, path);
  let text;
  try {
    text = read(file);
  } catch {
    throw new Error(`there is no file ${path} to include`);
  }
  return { text: region(text, name && decodeURIComponent(name), path), from: relative(ROOT, file), name };
}

// How many lines of code, output or table a slide shows.
export function linesOf(markdown, folder = SLIDES) {
  const links = [...markdown.matchAll(/\]\(([^)\s]+) "(?:code|output|(?:diff|changes) [^"]*)"\)/g)];
  const code = links.reduce((sum, [, href]) => sum + shown(href, folder).text.split("\n").length, 0);
  return code + (markdown.match(/^\|/gm) ?? []).length;
}

function included(href, title, folder) {
  const now = shown(href, folder);
  const language = now.from.endsWith("Dockerfile") ? "dockerfile" : (LANGUAGES[extname(now.from)] ?? "text");
  const [, kind, before] = /^(diff|changes) from (\S+)$/.exec(title) ?? [];
  if (before) {
    const whole = diff(shown(before, folder).text, now.text);
    return { ...now, text: kind === "diff" ? whole : hunks(whole), language: "diff" };
  }
  if (title === "code" || title === "output") return { ...now, language };
  throw new Error(`"${title}" is nothing that could be included: code, output, diff from FILE#REGION, or changes from FILE#REGION`);
}

export function include(md, { folder = SLIDES } = {}) {
  md.core.ruler.before("normalize", "coffee_reset", (state) => {
    state.env.slides = [];
  });
  md.core.ruler.after("inline", "coffee_include", (state) => {
    const out = [];
    for (let i = 0; i < state.tokens.length; i += 1) {
      const token = state.tokens[i];
      const link = token.type === "paragraph_open" ? alone(state.tokens[i + 1]) : null;
      if (link) {
        out.push(...block(state, link, folder));
        i += 2;
        continue;
      }
      if (["fence", "code_block"].includes(token.type)) typed(token);
      if (token.type === "inline") token.children = figures(state, token.children, folder);
      out.push(token);
    }
    state.tokens = shared(out);
  });
  md.renderer.rules.image = (tokens, i, _, env) => picture(tokens[i], md, folder, env);
}

// Blocks on the same slide share its room by their lines, and have the columns of the widest, so that
// all are in type of one size, above one another or side by side.
function shared(tokens) {
  let slide = [];
  const share = () => {
    const total = slide.reduce((sum, { meta }) => sum + meta.lines, 0);
    const columns = Math.max(...slide.map(({ meta }) => meta.columns));
    const most = Math.max(...slide.map(({ meta }) => meta.lines));
    for (const token of slide) {
      const { lines } = token.meta;
      token.content = token.content.replace("SIZES", `--columns:${columns};--lines:${lines};--most:${most};--share:${lines / total}`);
    }
    slide = [];
  };
  for (const token of tokens) {
    if (token.type === "hr") share();
    if (token.meta?.lines) slide.push(token);
  }
  share();
  return tokens;
}

// Code and output are never typed; a command is, and the check of the deck runs it.
function typed(token) {
  const commands = token.content.trimEnd().split("\n").every((line) => line.startsWith("$ "));
  if (token.info.trim() !== "console" || !commands) {
    throw new Error(`code is included, not typed: ${token.content.split("\n")[0]}`);
  }
}

function alone(inline) {
  const children = inline?.children?.filter((child) => child.type !== "text" || child.content.trim());
  if (!children || children[0]?.type !== "link_open" || children.at(-1).type !== "link_close") return null;
  if (children.filter((child) => child.type === "link_open").length !== 1) return null;
  const title = children[0].attrGet("title");
  if (!title) return null;
  const text = children.slice(1, -1).map((child) => child.content).join("");
  return { href: children[0].attrGet("href"), title, text };
}

function block(state, { href, title, text }, folder) {
  const { text: content, from, language } = included(href, title, folder);
  const html = (content, meta = null) => Object.assign(new state.Token("html_block", "", 0), { content, meta });
  const lines = content.split("\n");
  const columns = Math.max(...lines.map((line) => line.length));
  const fence = Object.assign(new state.Token("fence", "code", 0), {
    info: language,
    content: `${content}\n`,
    markup: "```",
    meta: { included: true },
  });
  // On a code host the text is all that one sees.
  if (!text.includes(from)) throw new Error(`the link to ${href} must name ${from} in its text`);
  return [
    html(`<figure class="included ${title.split(" ")[0]}" style="SIZES">`, { lines: lines.length, columns }),
    fence,
    html(`<figcaption>${state.md.utils.escapeHtml(text)}</figcaption></figure>`),
  ];
}

function figures(state, children, folder) {
  const out = [];
  for (let i = 0; i < (children ?? []).length; i += 1) {
    const token = children[i];
    if (token.type !== "link_open" || !isFigure(token.attrGet("href"))) {
      out.push(token);
      continue;
    }
    const href = token.attrGet("href");
    const end = children.findIndex((child, j) => j > i && child.type === "link_close");
    const text = children.slice(i + 1, end).map((child) => child.content).join("");
    const found = figure(decodeURI(href), folder);
    if (text !== found.text) {
      throw new Error(`the slide says "${text}", but ${href} says "${found.text}": npm run figures`);
    }
    const mark = found.kind === "quoted" ? "<small>talk</small>" : "";
    const html = `<span class="figure ${found.kind}">${found.text}${mark}</span>`;
    out.push(Object.assign(new state.Token("html_inline", "", 0), { content: html }));
    i = end;
  }
  return out;
}

// The timelines are made for a page. On a slide there is more height than they ask for: all but the
// letters is stretched to it, the letters grow, the margins are the slide's, and the slide has a title
// of its own.
function enlarged(svg) {
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? [];
  if (!TITLE.test(svg)) return svg;
  svg = svg.replace(/font-size="(\d+)"/g, (_, size) => `font-size="${LETTERS[size] ?? size}"`);
  if (height > FULL) return svg;
  const rest = height - HEAD;
  const stretch = Math.max(1, Math.min(MOST, ROOM / rest));
  const scale = (width - INSET - MARGIN) / (width - 2 * MARGIN);
  const box = [INSET - MARGIN * scale, HEAD * stretch, width * scale, rest * stretch].map((value) => value.toFixed(1));
  const upright = `text { transform: scaleY(${(1 / stretch).toFixed(4)}); transform-box: fill-box; transform-origin: center; }`;
  return svg
    .replace(TITLE, "")
    .replace("</style>", () => `${upright}</style><g transform="scale(1 ${stretch})">`)
    .replace(/viewBox="[^"]*"/, `viewBox="${box.join(" ")}"`)
    .replace(/<\/svg>\s*$/, "</g></svg>");
}

const TITLE = /<text x="36" y="46" font-size="30"[^>]*>[^<]*<\/text>\n?/;
const HEAD = 56; // px that the title takes
const INSET = 36; // px from the edge of the drawing to what is drawn, left; on a slide it is MARGIN
const MARGIN = 60;
const ROOM = 350; // px for a picture between the heading and a sentence of two lines
const FULL = 600; // px of height, from which on a picture has a slide to itself
const MOST = 2; // times its height
const LETTERS = { 15: 20, 17: 22, 21: 27 };
const DARK = "@media (prefers-color-scheme: dark)";

// The picture as a part of the page, with the deck's letters. Its names and styles are its own, and its
// dark colours follow the page, because the presenter chooses with a key.
function picture(token, md, folder, env) {
  const [src, alt] = [token.attrGet("src"), token.content.trim()];
  if (/^[a-z]+:/i.test(src)) throw new Error(`a picture comes from the repository, not from ${src}`);
  if (alt.length < 20) throw new Error(`${src} needs a text that says what it shows`);
  let svg;
  try {
    svg = read(join(folder, src));
  } catch {
    throw new Error(`there is no picture ${src}`);
  }
  if (!svg.includes("<svg")) throw new Error(`${src} is no SVG picture`);
  if (!svg.includes(DARK)) throw new Error(`${src} has no colours for dark slides`);
  env.pictures = (env.pictures ?? 0) + 1;
  const name = `picture-${env.pictures}`;
  const label = md.utils.escapeHtml(alt);
  return scoped(enlarged(svg), name)
    .replace(/<title\b[^>]*>[\s\S]*?<\/title>\s*/, "")
    .replace(/<desc\b[^>]*>[\s\S]*?<\/desc>\s*/, "")
    .replace(/<svg\b([^>]*)>/, (_, attributes) => `<svg${attributes.replace(/ (?:aria-labelledby|role|font-family|id|width|height)="[^"]*"/g, "")} id="${name}" class="drawing" role="img" aria-label="${label}">`)
    .replace(/ font-family="[^"]*"/g, "")
    .replace(/\n\s*/g, "\n")
    .replace(/\n+/g, "\n");
}

// All that a picture names is renamed: the ids that it refers to, and the reach of its styles.
function scoped(svg, name) {
  const style = /<style>([\s\S]*?)<\/style>/.exec(svg)?.[1] ?? "";
  const [light, dark] = divided(style.replace(/(^|[\s{}])svg\s*\{/g, "$1& {").replace(/:root\s+/g, ""));
  const styles = `<style>#${name} { ${light} }\n:root[data-scheme="dark"] #${name} { ${dark} }</style>`;
  return svg
    .replace(/<style>[\s\S]*?<\/style>/, () => styles)
    .replace(/\bid="([^"]+)"/g, `id="${name}-$1"`)
    .replace(/url\(#([^)]+)\)/g, `url(#${name}-$1)`);
}

// The style without its dark part, and the dark part.
function divided(style) {
  const start = style.indexOf(DARK);
  const open = style.indexOf("{", start);
  let end = open;
  for (let depth = 0; end < style.length; end += 1) {
    depth += { "{": 1, "}": -1 }[style[end]] ?? 0;
    if (depth === 0) break;
  }
  return [style.slice(0, start) + style.slice(end + 1), style.slice(open + 1, end)];
}
