// The page behind a proxy that buffers and compresses, at its root and under a prefix.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PREFIX, openProxy } from "./proxy.mjs";
import { openBrowser, openPage, openShop, over, serve, text } from "./shop.mjs";

const BOUNDED = { timeout: 60_000 };

let shop, proxy, browser;
before(async () => {
  shop = await openShop(0.5);
  proxy = await openProxy(shop);
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await proxy?.close();
  await shop?.close();
});

async function open(t, prefix) {
  const page = await openPage(browser, { origin: proxy.origin, prefix });
  t.after(() => page.context().close());
  return page;
}

test("the proxy compresses what it may", BOUNDED, async () => {
  const answer = await fetch(`${proxy.origin}/serve-customer/1`, { headers: { Accept: "application/json", "Accept-Encoding": "gzip" } });
  assert.equal(answer.headers.get("content-encoding"), "gzip");
  await answer.text();
});

for (const prefix of ["/", PREFIX]) {
  test(`behind nginx at ${prefix} every moment comes when it happens`, BOUNDED, async (t) => {
    const page = await open(t, prefix);
    await page.evaluate(() => (window.seen.events = []));
    const order = serve(page, 4, 3, 1.5);
    await page.waitForSelector(".run[data-over=false] rect.bar[data-state=finished]");
    assert.match(await text(page, ".sentence"), /0 of 3 served|no one has a coffee yet/i);
    await order;
    await over(page, 4);
    assert.match(await text(page, ".sentence"), /^Took [12]\.\d s to serve coffee to 3 customers$/);
    assert.match(await text(page, ".compared"), /^Your guess: 1\.5 s\./, "one's own order is known");
    const events = await page.evaluate(() => window.seen.events.map(([at]) => at));
    assert.ok(events.length >= 3 && events.at(-1) - events[0] > 900, `the events came at ${events} ms`);
    assert.deepEqual(page.trouble, []);
  });
}

test("a viewer who comes back has the present state at once", BOUNDED, async (t) => {
  const page = await open(t, PREFIX);
  await proxy.stop();
  await page.waitForSelector("#connection:not(.live)");
  await page.evaluate(() => (window.seen.events = []));
  await fetch(`${shop.origin}/serve-customer/9?step=5`);
  await proxy.start();
  await page.waitForSelector("#connection.live", { timeout: 20_000 });
  await over(page, 5);
  assert.match(await text(page, ".sentence"), /to serve coffee to 9 customers$/);
  assert.equal(await page.evaluate(() => window.seen.events[0][2]), 1, "the first event has the order");
});

test("no control works before the shop has said what there is", BOUNDED, async (t) => {
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.route("**/events", () => {}); // never answered
  await page.goto(proxy.origin);
  for (const control of ["#serve", "#leave", "#customers", "#guess"]) {
    assert.ok(await page.locator(control).isDisabled(), control);
  }
  await page.keyboard.press("Enter");
  await page.locator("#serve").click({ force: true, timeout: 2_000 }).catch(() => {});
  assert.deepEqual(asked.filter((url) => url.includes("serve-customer")), []);
});
