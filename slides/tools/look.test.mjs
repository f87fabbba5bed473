// What the look at the slides finds: a deck in which each slide is broken in one way.

import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { rendered } from "./build.mjs";
import { look, openBrowser } from "./look.mjs";

const drawing = (label, content) => `<svg class="drawing" viewBox="0 0 1280 100" aria-label="${label}">${content}</svg>`;
const BROKEN = [
  ["## Fine\n\nA word.", null],
  [`## Too long\n\n${"A line.\n\n".repeat(20)}`, /more than 1280 x 720|leaves the slide/],
  [`## Cut\n\n<pre style="font-size:24px">${"wide ".repeat(60)}</pre>`, /is cut at the right/],
  ['## Small\n\n<p style="font-size:12px">Fine print</p>', /is 12.0px small/],
  ['## Pale\n\n<p style="color:#ccc;background:#eee">Hardly there</p>', /has a contrast of 1\./],
  ['## Network\n\n<img src="http://127.0.0.1:9/a.png" alt="from elsewhere">', /asks for http:\/\/127.0.0.1:9/],
  [`## Silent\n\n${drawing("", '<text x="20" y="60">a</text>')}`, /has no text/],
  [`## Elsewhere\n\n<img src="data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 width=%229%22 height=%229%22/%3E" alt="a">`, /is not a part of the page/],
  [`## Tiny\n\n${drawing("A picture", '<text x="20" y="60" font-size="9">tiny</text>')}`, /“tiny” in a picture is 9.0px small/],
  [`## Crowded\n\n${drawing("A picture", '<text x="20" y="60" font-size="30">one</text><text x="30" y="62" font-size="30">two</text>')}`, /“one” lies on “two”/],
  [`## Beyond\n\n${drawing("A picture", '<text x="1270" y="60" font-size="30">gone</text>')}`, /“gone” leaves its picture/],
  ['## Lonely\n\n<p>A line of words, and then<br>a</p>', /leaves “a” alone on its last line/],
  ['## Covered\n\n<p>One</p>\n\n<p style="margin-top:-60px">Two</p>', /lies on/],
];

test("each fault of a slide is found, and a slide without one is not blamed", { timeout: 120_000 }, async (t) => {
  const slides = BROKEN.map(([markdown]) => markdown).join("\n\n---\n\n");
  const html = await rendered(`---\nmarp: true\ntheme: coffee\n---\n\n${slides}\n`, "broken", { pdf: false });
  const browser = await openBrowser();
  t.after(() => browser.close());
  t.after(() => [html, html.replace(".html", ".md")].forEach((file) => rmSync(file)));
  const names = BROKEN.map((_, i) => `number ${i}`);
  const found = await look(html, { names, browser });
  for (const [i, [, pattern]] of BROKEN.entries()) {
    const own = found.filter((fault) => fault.startsWith(`number ${i},`));
    if (pattern === null) assert.deepEqual(own, []);
    else assert.ok(found.some((fault) => pattern.test(fault)), `number ${i}: ${own.join("; ")}`);
  }
  assert.match((await look(html, { names: names.slice(1), browser })).join(), /has 13 slides instead of 12/);
});

test("the presenter sees where to be, and a command is copied without its sign", { timeout: 60_000 }, async (t) => {
  const deck = "---\nmarp: true\ntheme: coffee\n---\n\n## One\n\n---\n\n## Two\n\n```console\n$ cargo run --example step1\n$ curl localhost\n```\n\n---\n\n## Three\n";
  const html = await rendered(deck, "presented", { pdf: false, plan: [[0, 1], [1, 2.5], [null, 0]] });
  const browser = await openBrowser();
  t.after(() => browser.close());
  t.after(() => [html, html.replace(".html", ".md")].forEach((file) => rmSync(file)));
  const page = await (await browser.newContext({ permissions: ["clipboard-read", "clipboard-write"] })).newPage();
  const due = async (slide) => {
    await page.goto("about:blank");
    await page.goto(`${pathToFileURL(html).href}?view=presenter#${slide}`);
    return (await page.waitForSelector(".due")).textContent();
  };
  assert.equal(await due(2), "should be at 1:00, then 2:30 here");
  assert.equal(await due(3), "when the room asks");
  await page.goto("about:blank");
  await page.goto(`${pathToFileURL(html).href}#2`);
  await page.click(".bespoke-marp-active .copy");
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "cargo run --example step1\ncurl localhost");
  assert.match(page.url(), /#2$/, "and the deck stays where it is");
});
