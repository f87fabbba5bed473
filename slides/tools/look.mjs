// Every slide of the built deck in a real browser, light and dark: nothing overflows or is cut,
// nothing is too small or too pale to be read, nothing comes from the network. Leaves a screenshot
// of each slide. Run by ./check.sh

import { mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { browser } from "./browser.mjs";

const FLAGS = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
// px at 1280 x 720: of marks, captions and footers, and of code, which is read by the whole room.
const SMALLEST = { mark: 18, code: 20, text: 24 };
const SCHEMES = ["light", "dark"];

export async function openBrowser() {
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? browser() ?? undefined, args: [...FLAGS, ...sandbox] });
}

// What is wrong with the slide that is shown; runs in the page.
function faults({ smallest }) {
  const out = [];
  const active = document.querySelector(".bespoke-marp-slide.bespoke-marp-active section") ?? document.querySelector("section");
  const frame = active.getBoundingClientRect();
  const scale = frame.width / 1280;
  const name = (element) => `${element.tagName.toLowerCase()} “${(element.textContent || element.alt || "").trim().slice(0, 30)}”`;
  if (active.scrollHeight > 721 || active.scrollWidth > 1281) out.push(`the slide is ${active.scrollWidth} x ${active.scrollHeight}, more than 1280 x 720`);

  const visible = (element) => element.getClientRects().length > 0;
  const boxes = [...active.children].filter((element) => visible(element) && !element.matches("header, footer, section.full h2"));
  for (const box of boxes) {
    const { left, top, right, bottom } = box.getBoundingClientRect();
    if (left < frame.left - 1 || top < frame.top - 1 || right > frame.right + 1 || bottom > frame.bottom + 1) out.push(`${name(box)} leaves the slide`);
    for (const edge of active.querySelectorAll(":scope > header, :scope > footer")) {
      const { top: above, bottom: below, left: from, right: to } = edge.getBoundingClientRect();
      if (visible(edge) && !active.matches(".full") && top < below && bottom > above && left < to && right > from) out.push(`${name(box)} covers ${name(edge)}`);
    }
  }
  for (const [i, one] of boxes.entries()) {
    for (const other of boxes.slice(i + 1)) {
      const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
      const [across, down] = [Math.min(a.right, b.right) - Math.max(a.left, b.left), Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)];
      if (across > 1 && down > 1) out.push(`${name(one)} lies on ${name(other)}`);
    }
  }
  for (const element of active.querySelectorAll("pre, pre code, td, th, figcaption, p, li, h1, h2")) {
    if (element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 1) out.push(`${name(element)} is cut at the right`);
    if (element.scrollHeight > element.clientHeight + 2 && element.matches("pre")) out.push(`${name(element)} is cut at the bottom`);
  }
  for (const image of active.querySelectorAll("img")) out.push(`the picture ${image.src} is not a part of the page`);
  for (const drawing of active.querySelectorAll("svg.drawing")) {
    const { width, height } = drawing.getBoundingClientRect();
    if (width < 200 * scale || height < 60 * scale) out.push(`the picture “${drawing.getAttribute("aria-label")}” is not shown`);
    if (!drawing.getAttribute("aria-label")?.trim()) out.push("a picture has no text");
    out.push(...letters(drawing));
  }
  for (const element of active.querySelectorAll(":scope > p, li, h1, h2")) {
    const alone = widow(element);
    if (alone) out.push(`${name(element)} leaves “${alone}” alone on its last line`);
  }
  out.push(...unreadable());
  return out;

  // The last word of a text of several lines, when it has the last line to itself and is short. Code and
  // figures are words, too.
  function widow(element) {
    if (!visible(element) || element.closest("section.full h2") || element.querySelector("svg")) return null;
    const words = [];
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      if (!visible(texts.currentNode.parentElement)) continue;
      for (const { index, 0: word } of texts.currentNode.data.matchAll(/\S+/g)) {
        const range = document.createRange();
        range.setStart(texts.currentNode, index);
        range.setEnd(texts.currentNode, index + word.length);
        const { top, bottom } = range.getBoundingClientRect();
        words.push({ word, middle: (top + bottom) / 2 });
      }
    }
    const line = parseFloat(getComputedStyle(element).fontSize) * scale * 0.7;
    const last = words.at(-1);
    const own = words.filter(({ middle }) => Math.abs(middle - last.middle) < line);
    return own.length < words.length && own.length === 1 && last.word.length < 9 ? last.word : null;
  }

  // What is written in a picture: large enough, within it, and not one over another.
  function letters(drawing) {
    const found = new Set();
    const frame = drawing.getBoundingClientRect();
    const texts = [...drawing.querySelectorAll("text")].filter((text) => text.textContent.trim());
    const boxes = texts.map((text) => text.getBoundingClientRect());
    texts.forEach((text, i) => {
      const size = (parseFloat(getComputedStyle(text).fontSize) * Math.hypot(text.getScreenCTM().a, text.getScreenCTM().b)) / scale;
      if (size < smallest.mark - 0.5) found.add(`“${text.textContent}” in a picture is ${size.toFixed(1)}px small`);
      const { left, right, top, bottom } = boxes[i];
      if (left < frame.left - 1 || right > frame.right + 1 || top < frame.top - 4 || bottom > frame.bottom + 4) found.add(`“${text.textContent}” leaves its picture`);
      for (let j = i + 1; j < texts.length; j += 1) {
        const other = boxes[j];
        const [across, down] = [Math.min(right, other.right) - Math.max(left, other.left), Math.min(bottom, other.bottom) - Math.max(top, other.top)];
        if (across > 1 && down > 0.35 * Math.min(bottom - top, other.bottom - other.top)) found.add(`“${text.textContent}” lies on “${texts[j].textContent}” in a picture`);
      }
    });
    return found;
  }

  // Text that is too small, or has less contrast than WCAG AA asks for.
  function unreadable() {
    const found = new Set();
    const texts = document.createTreeWalker(active, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const element = texts.currentNode.parentElement;
      if (!texts.currentNode.data.trim() || !visible(element) || element.closest("section.full h2, svg.drawing, .copy")) continue;
      const style = getComputedStyle(element);
      const size = parseFloat(style.fontSize);
      const kind = element.closest("pre") ? "code" : element.closest("header, footer, figcaption, small") ? "mark" : "text";
      if (size < smallest[kind] - 0.1) found.add(`${name(element.closest("pre") ?? element)} is ${size.toFixed(1)}px small`);
      const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      const ratio = contrast(rgb(style.color), background(element));
      if (ratio < (large ? 3 : 4.5)) found.add(`${name(element)} has a contrast of ${ratio.toFixed(2)}`);
    }
    return found;
  }
  function background(element) {
    for (let at = element; at; at = at.parentElement) {
      const [r, g, b, a = 1] = rgb(getComputedStyle(at).backgroundColor);
      if (a === 1) return [r, g, b];
    }
    return [255, 255, 255];
  }
  function rgb(colour) {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    canvas.fillStyle = colour;
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  }
  function contrast(one, other) {
    const [a, b] = [one, other].map(([r, g, b]) => {
      const [x, y, z] = [r, g, b].map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    });
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  }
}

// Opens the deck, and returns what is wrong, slide by slide.
export async function look(html, { names, folder, browser }) {
  const found = [];
  for (const scheme of SCHEMES) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, colorScheme: scheme });
    const page = await context.newPage();
    const own = pathToFileURL(html).href;
    page.on("request", (request) => {
      const url = request.url();
      if (url.split(/[?#]/)[0] !== own && !/^(data|blob|about):/.test(url)) found.push(`the deck asks for ${url}`);
    });
    page.on("pageerror", (error) => found.push(`the deck has an error: ${error.message}`));
    page.on("console", (message) => message.type() === "error" && found.push(`the deck says: ${message.text()}`));
    await page.goto(own);
    await page.addStyleTag({ content: ".bespoke-marp-osc { display: none !important; }" });
    await page.evaluate((scheme) => (document.documentElement.dataset.scheme = scheme), scheme);
    await page.evaluate(() => document.fonts.ready);
    const slides = await page.evaluate(() => document.querySelectorAll("svg[data-marpit-svg]").length);
    if (names && names.length !== slides) found.push(`the deck has ${slides} slides instead of ${names.length}`);
    for (let i = 1; i <= slides; i += 1) {
      await page.evaluate((i) => (location.hash = `#${i}`), i);
      await page.waitForFunction((i) => document.querySelectorAll(".bespoke-marp-slide")[i - 1].classList.contains("bespoke-marp-active"), i);
      const where = names?.[i - 1] ?? `slide ${i}`;
      found.push(...(await page.evaluate(faults, { smallest: SMALLEST })).map((what) => `${where}, ${scheme}: ${what}`));
      if (folder) await page.screenshot({ path: join(folder, `${scheme}-${String(i).padStart(3, "0")}.png`) });
    }
    await context.close();
  }
  return [...new Set(found)];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { OUT, build } = await import("./build.mjs");
  const { parts, slidesOf } = await import("./deck.mjs");
  const folder = join(dirname(OUT), "slides-screenshots");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const started = Date.now();
  const { html, slides } = await build();
  const built = Date.now();
  const browser = await openBrowser();
  try {
    const found = await look(html, { names: slidesOf(parts(), "full-day").map(({ where }) => where), folder, browser });
    found.forEach((fault) => console.error(`error: ${fault}`));
    console.log(`${slides} slides, built in ${((built - started) / 1000).toFixed(1)} s, looked at in ${((Date.now() - built) / 1000).toFixed(1)} s: ${found.length} faults`);
    process.exitCode = found.length ? 1 : 0;
  } finally {
    await browser.close();
  }
}
