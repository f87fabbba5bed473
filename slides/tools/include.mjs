// The plugin for Marp: what a slide shows comes from the repository. A link that stands alone in its
// paragraph and has the title "code", "diff from FILE#REGION" or "output" becomes what it points to; a picture
// becomes a part of the page; a link into a data file becomes a figure. On a code host the same
// Markdown shows links that lead to the sources, and the same pictures.

import { readFileSync } from "node:fs";
import { extname, join, relative } from "node:path";
import { figure, isFigure, ROOT, SLIDES } from "./figures.mjs";
import { diff, region } from "./regions.mjs";

const LANGUAGES = { ".rs": "rust", ".go": "go", ".yaml": "yaml", ".yml": "yaml", ".txt": "text" };

export function shown(href, folder = SLIDES) {
  const [path, name] = href.split("#");
  const file = join(folder, path);
  let text;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new Error(`there is no file ${path} to include`);
  }
  return { text: region(text, name && decodeURIComponent(name), path), from: relative(ROOT, file), name };
}

function included(href, title, folder) {
  const now = shown(href, folder);
  const language = now.from.endsWith("Dockerfile") ? "dockerfile" : (LANGUAGES[extname(now.from)] ?? "text");
  const [, before] = /^diff from (\S+)$/.exec(title) ?? [];
  if (before) return { ...now, text: diff(shown(before, folder).text, now.text), language: "diff" };
  if (title === "code" || title === "output") return { ...now, language };
  throw new Error(`"${title}" is nothing that could be included: code, output, or diff from FILE#REGION`);
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
  md.renderer.rules.image = (tokens, i) => picture(tokens[i], md, folder);
}

// Blocks on the same slide share its room by their lines, so that all are in type of one size.
function shared(tokens) {
  let slide = [];
  const share = () => {
    const total = slide.reduce((sum, token) => sum + token.meta.lines, 0);
    for (const token of slide) token.content = token.content.replace("--share:1", `--share:${token.meta.lines / total}`);
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
    html(`<figure class="included ${title.split(" ")[0]}" style="--columns:${columns};--lines:${lines.length};--share:1">`, { lines: lines.length }),
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

// The drawings are made for a page. On a slide there is more height than they ask for: all but the
// letters is stretched to it, and the letters grow.
function enlarged(svg) {
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? [];
  const stretch = Math.max(1, Math.min(1.6, ROOM / height));
  if (stretch === 1) return svg.replace("</style>", () => `${LARGE}</style>`);
  const letters = `text { transform: scaleY(${1 / stretch}); transform-box: fill-box; transform-origin: center; } .name { font-size: 20px; }`;
  return svg
    .replace("</style>", () => `${LARGE}${letters}</style><g transform="scale(1 ${stretch})">`)
    .replace(/viewBox="[^"]*"/, `viewBox="0 0 ${width} ${height * stretch}"`)
    .replace(/<\/svg>\s*$/, "</g></svg>");
}

const ROOM = 366; // px for a picture between the heading and a sentence of two lines
const LARGE = readFileSync(join(SLIDES, "theme/pictures.css"), "utf8");
const DARK = "@media (prefers-color-scheme: dark)";

// One picture for light slides, one for dark ones, whatever the system prefers: the presenter
// chooses with a key.
function picture(token, md, folder) {
  const [src, alt] = [token.attrGet("src"), token.content.trim()];
  if (/^[a-z]+:/i.test(src)) throw new Error(`a picture comes from the repository, not from ${src}`);
  if (alt.length < 20) throw new Error(`${src} needs a text that says what it shows`);
  let svg;
  try {
    svg = readFileSync(join(folder, src), "utf8");
  } catch {
    throw new Error(`there is no picture ${src}`);
  }
  if (!svg.includes("<svg")) throw new Error(`${src} is no SVG picture`);
  if (!svg.includes(DARK)) throw new Error(`${src} has no colours for dark slides`);
  svg = enlarged(svg);
  const data = (svg) => `data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`;
  const image = (scheme, svg) =>
    `<img class="on-${scheme}" src="${data(svg)}" alt="${md.utils.escapeHtml(alt)}">`;
  return image("light", svg.replaceAll(DARK, "@media not all")) + image("dark", svg.replaceAll(DARK, "@media all"));
}
