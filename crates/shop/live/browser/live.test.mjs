// The live page against the real shop, in a real browser. Run with ./check.sh

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { bars, openBrowser, openPage, openShop, over, serve, text } from "./shop.mjs";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const ACTION = 0.2; // seconds
const BOUNDED = { timeout: 60_000 }; // a test that hangs is a failure with a name
const LATE = 0.4; // how much later than it should anything may happen on a busy machine

let shop, browser;
before(async () => {
  shop = await openShop(ACTION);
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await shop?.close();
});

// A test with a page of its own, on which nothing may go wrong.
function onPage(name, run, options) {
  test(name, BOUNDED, async (t) => {
    const page = await openPage(browser, shop, options);
    t.after(() => page.context().close());
    await run(page);
    assert.deepEqual(page.trouble, []);
  });
}

const shot = (page, name, options) => page.screenshot({ path: `${process.env.SCREENSHOTS}/${name}.png`, ...options });

// How many seconds it takes until the answer, how many rows, and how many pairs of bars overlap.
const STEPS = [
  { step: 2, answer: 9 * ACTION, end: 9 * ACTION, rows: 3, overlaps: 0 },
  { step: 3, answer: 0, end: 3 * ACTION, rows: 3, overlaps: 9 },
  { step: 4, answer: 3 * ACTION, end: 3 * ACTION, rows: 3, overlaps: 9 },
  { step: 5, answer: ACTION, end: ACTION, rows: 9, overlaps: 36 },
];

// Bars that only touch, or would but for a late timer, do not overlap.
function overlaps(bars) {
  const pair = (a, b) => Math.min(a.end, b.end) - Math.max(a.start, b.start) > ACTION / 2;
  return bars.flatMap((a, i) => bars.slice(i + 1).filter((b) => pair(a, b))).length;
}

function near(actual, expected, bound, what) {
  assert.ok(Math.abs(actual - expected) <= bound, `${what}: ${actual} is not about ${expected}`);
}

for (const { step, answer, end, rows, overlaps: pairs } of STEPS) {
  onPage(`step ${step} with 3 customers looks on the page as it stands in the log`, async (page) => {
    const log = await serve(page, step, 3);
    await over(page, step);
    const drawn = await bars(page);
    await shot(page, `step${step}`);

    assert.equal(drawn.length, 9);
    assert.equal(new Set(drawn.map((bar) => bar.row)).size, rows);
    assert.equal(overlaps(drawn), pairs);
    for (const bar of drawn) {
      const took = bar.end - bar.start;
      assert.ok(took > ACTION - 0.02 && took < ACTION + LATE, `${bar.action} of ${bar.customer} took ${took} s`);
    }
    near(Math.max(...drawn.map((bar) => bar.end)), end, 3 * LATE, "the last coffee");
    near(log.answered_s, answer, 3 * LATE, "the answer");
    // In step 3 the log is answered before there is anything in it: that is its lesson.
    if (step === 3) assert.ok(log.records.every((record) => record.ended_s === null));
    else assert.deepEqual(log.records.length, 9);
    for (const record of log.records.filter((record) => record.ended_s !== null)) {
      const bar = drawn.find((bar) => bar.customer === record.customer && bar.action === record.action);
      near(bar.start, record.started_s, 0.01, `start of ${bar.action} of ${bar.customer}`);
      near(bar.end, record.ended_s, 0.01, `end of ${bar.action} of ${bar.customer}`);
    }
    const sentence = await text(page, ".sentence");
    if (step === 3) assert.match(sentence, /^Took .*(micro|milli)second.*, but the last came after [01]\.\d s$/);
    else assert.equal(sentence, `Took ${log.answered_s.toFixed(1)} s to serve coffee to 3 customers`);
  });
}

onPage("the bars of the steps tried so far compare them", async (page) => {
  for (const { step } of STEPS) {
    await serve(page, step, 2);
    await over(page, step);
  }
  const widths = await page.locator("#results li").evaluateAll((items) =>
    items.filter((item) => item.textContent.includes("2 customers"))
      .map((item) => [item.dataset.step, item.querySelector(".length").getBoundingClientRect().width]));
  const { 2: sequential, 4: joined, 5: nested } = Object.fromEntries(widths);
  near(sequential / joined, 2, 0.6, "two customers in turn beside two at once");
  near(joined / nested, 3, 1.4, "actions in turn beside actions at once");
});

test("two pages see the same shop, one that opens late too, and an order from elsewhere", BOUNDED, async (t) => {
  const pages = [await openPage(browser, shop), await openPage(browser, shop)];
  t.after(() => Promise.all(pages.map((page) => page.context().close())));
  const answer = fetch(`${shop.origin}/serve-customer/9?step=2`);
  await pages[0].waitForSelector(".run[data-over=false] rect.bar[data-state=finished]");
  pages.push(await openPage(browser, shop));
  await pages[2].waitForSelector(".run[data-over=false] rect.bar[data-state=finished]");
  assert.equal((await answer).status, 200);
  await Promise.all(pages.map((page) => over(page, 2)));

  const [one, ...others] = await Promise.all(pages.map(async (page) => ({
    bars: await bars(page), sentence: await text(page, ".sentence"), clock: await text(page, ".clock"),
  })));
  for (const other of others) assert.deepEqual(other, one);
  for (const page of pages) assert.deepEqual(page.trouble, []);
});

onPage("a page that sleeps asks for nothing, and catches up when it wakes", async (page) => {
  const turn = (hidden) => page.evaluate((hidden) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);
  await turn(true);
  await page.evaluate(() => (window.seen.events = []));
  await fetch(`${shop.origin}/serve-customer/7?step=5`);
  assert.deepEqual(await page.evaluate(() => window.seen.events), []);
  await turn(false);
  await over(page, 5);
  assert.match(await text(page, ".sentence"), /to serve coffee to 7 customers$/);
});

onPage("runs at the same time stand below one another", async (page) => {
  const orders = [2, 4].map((step) => fetch(`${shop.origin}/serve-customer/3?step=${step}`));
  await page.waitForFunction(() => document.querySelectorAll(".run rect.bar").length > 3 && document.querySelectorAll(".run").length === 2);
  await shot(page, "two-at-once");
  await Promise.all(orders);
  await page.waitForFunction(() => document.querySelectorAll(".run[data-over=true]").length === 2);
});

onPage("without a guess one press serves, and nothing is said of a guess", async (page) => {
  await page.click("#serve");
  await over(page, 5);
  assert.equal(await text(page, ".compared"), "");
  assert.equal(await page.locator("svg .guess").count(), 0);
});

onPage("a guess is shown, and compared as it is written", async (page) => {
  const { answered_s: answered } = await serve(page, 4, 3, 0.6);
  await over(page, 4);
  const said = await text(page, ".compared");
  if (answered.toFixed(1) === "0.6") assert.equal(said, "Your guess: 0.6 s. Right!");
  else assert.match(said, /^Your guess: 0\.6 s\. (Close: the|The) answer took 0\.[789] s/);
  assert.equal(await page.locator("svg .guess").count(), 1);
  await serve(page, 2, 3, 3 * ACTION);
  await over(page, 2);
  assert.match(await text(page, ".compared"), /The answer took [12]\.\d s, \d\.\d times as long\.$/);
});

onPage("an order that is hung up is cancelled, and its action keeps its name", async (page) => {
  await page.click("#steps label:has(input[value='2'])");
  await page.fill("#guess", "2");
  await page.click("#serve");
  await page.waitForSelector(".run[data-over=false] rect.bar");
  await page.click("#leave");
  await over(page, 2);
  await shot(page, "hung-up");
  assert.equal(await page.locator("rect.bar[data-state=cancelled]").count(), 1);
  assert.equal(await page.locator("svg .cross").count(), 1);
  assert.equal(await page.locator("svg text.off").textContent(), "pay cancelled");
  assert.match(await text(page, ".sentence"), /^The order was hung up: 3 of 3 coffees lost after/);
  assert.match(await text(page, "#results .newest"), /stopped after .* lost/);
});

onPage("what cannot be ordered is refused with a sentence", async (page) => {
  await page.fill("#customers", "0");
  await page.fill("#guess", "1");
  await page.click("#serve");
  await page.waitForFunction(() => document.querySelector("#hint").textContent.startsWith("0 customers are too few"));
  page.trouble = page.trouble.filter((trouble) => !trouble.includes("400 (Bad Request)"));
});

onPage("the keyboard alone is enough", async (page) => {
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.value);
  await press("Tab");
  assert.equal(await focused(), "5", "the chosen step is first");
  await press("ArrowLeft");
  await press("Tab", "Backspace", "2");
  assert.equal(await focused(), "customers");
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.equal(outline, "solid", "one sees where one is");
  for (let i = 0; i < 10 && (await focused()) !== "guess"; i += 1) await press("Tab");
  await press("1", "Enter");
  await over(page, 4);
  assert.match(await text(page, ".sentence"), /to serve coffee to 2 customers$/);
  await press("Tab");
  assert.equal(await focused(), "serve");
});

onPage("a screen reader hears the beginning and the end, and can read every action", async (page) => {
  await page.evaluate(() => {
    window.heard = [];
    new MutationObserver(() => window.heard.push(document.querySelector("#announcer").textContent))
      .observe(document.querySelector("#announcer"), { childList: true });
  });
  await page.click("summary");
  await serve(page, 4, 2, 1);
  await over(page, 4);
  const heard = await page.evaluate(() => window.heard);
  assert.equal(heard[0], "Step 4, joined: 2 customers: serving.");
  assert.match(heard.at(-1), /^Took 0\.\d s to serve coffee to 2 customers\. Your guess: 1\.0 s\./);
  assert.match(await text(page, "#words"), /Customer 1: pay 0\.0 to 0\.\d s, espresso 0\.\d to 0\.\d s, milk 0\.\d to 0\.\d s\./);
});

onPage("a reader who wants no motion gets the same picture in fewer steps", async (page) => {
  await serve(page, 2, 3);
  await over(page, 2);
  assert.equal((await bars(page)).length, 9);
  assert.match(await text(page, ".clock"), /^[12]\.\d s$/);
}, { reducedMotion: "reduce" });

const rates = {};
for (const customers of [300, 10_000, 100_000]) {
  onPage(`${customers} customers are counted in frames of bounded number and size`, async (page) => {
    await page.click("#steps label:has(input[value='4'])");
    await page.evaluate(() => (window.seen.events = []));
    const log = await serve(page, 4, customers);
    await over(page, 4);
    await shot(page, `crowd-${customers}`);
    const rate = await page.evaluate(measure);
    rates[customers] = { ...rate, answered_s: Number(log.answered_s.toFixed(3)) };

    assert.equal(log.served, customers);
    const most = await page.locator("path.bar").evaluateAll((strips) => strips.map((strip) => Number(strip.dataset.most)));
    assert.deepEqual(most.at(-1), customers, "all are served");
    assert.ok(Math.max(...most.slice(0, 3)) > customers / 4, `at once: ${most}`);
    assert.ok(rate.events_per_s < 25, JSON.stringify(rate));
    assert.ok(rate.largest_event_bytes < 20_000, JSON.stringify(rate));
    assert.ok(rate.pictures_per_s > 5, JSON.stringify(rate));
  });
}
after(() => {
  console.log("rates with step 4:", rates);
  writeFileSync(`${process.env.SCREENSHOTS}/rates.json`, JSON.stringify(rates, null, 2));
});

// From the first event of the run to the last: how often something came, and was drawn.
function measure() {
  const { events, pictures } = window.seen;
  const [from, to] = [events[0][0], events.at(-1)[0]];
  const drawn = pictures.filter((at) => at >= from && at <= to);
  const seconds = (to - from) / 1_000;
  const gaps = drawn.slice(1).map((at, i) => at - drawn[i]);
  const round = (x) => Math.round(x * 10) / 10;
  return {
    events: events.length,
    events_per_s: round(events.length / seconds),
    largest_event_bytes: Math.max(...events.map(([, size]) => size)),
    pictures_per_s: round(drawn.length / seconds),
    longest_gap_ms: Math.round(Math.max(...gaps)),
  };
}

const SCREENS = {
  projector: {},
  "projector-dark": { colorScheme: "dark" },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  "phone-dark": { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, colorScheme: "dark" },
};
for (const [name, options] of Object.entries(SCREENS)) {
  onPage(`axe finds nothing on a ${name}, and everything fits`, async (page) => {
    const whole = { fullPage: name.startsWith("phone") };
    const check = async (state) => {
      await shot(page, `${name}-${state}`, whole);
      await accessible(page);
      const { wide, high } = await page.evaluate(() => ({
        wide: document.documentElement.scrollWidth - innerWidth, high: document.documentElement.scrollHeight - innerHeight,
      }));
      assert.ok(wide <= 0, `${wide} px too wide`);
      if (name.startsWith("projector")) assert.ok(high <= 0, `${high} px too high`);
    };
    await check("open");
    const answer = fetch(`${shop.origin}/serve-customer/5?step=2`);
    await page.waitForSelector(".run[data-over=false] rect.bar[data-state=finished]");
    await check("running");
    await answer;
    await serve(page, 5, 3, 0.6);
    await over(page, 5);
    await check("done");
    await serve(page, 4, 100, 0.6);
    await over(page, 4);
    await check("crowd");
    await page.click("#leave");
    await page.click("summary");
    await accessible(page);
  }, options);
}

// The policy forbids scripts from elsewhere, which is what axe is: it comes by the debugger.
async function accessible(page) {
  const source = (await import("node:fs")).readFileSync(axe, "utf8");
  await page.evaluate(source);
  const { violations, passes } = await page.evaluate(() => window.axe.run());
  assert.ok(passes.length > 15, "axe has looked");
  assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]), []);
}

test("an open page neither keeps a shop from closing nor misses the next one", BOUNDED, async (t) => {
  const slow = await openShop(10); // its grace period is 31 s
  const page = await openPage(browser, slow);
  t.after(() => page.context().close());
  const { code, seconds } = await slow.close();
  assert.equal(code, 0);
  assert.ok(seconds < 5, `it took ${seconds} s`);
  await page.waitForSelector("#connection:not(.live)");
  assert.match(await text(page, "#connection"), /not connected/);

  const next = await openShop(ACTION, slow.port);
  t.after(() => next.close());
  await page.waitForSelector("#connection.live", { timeout: 20_000 });
  await serve(page, 5, 1);
  await over(page, 5);
});
