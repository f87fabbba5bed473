// The page on every projector: no text lies on another and none is cut, whatever is ordered.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, openPage, openShop, over, serve } from "./shop.mjs";

const WINDOWS = [[1024, 768], [1280, 720], [1920, 1080], [3840, 2160]];
const CROWDS = [1, 3, 24, 300, 10_000, 100_000];
const BOUNDED = { timeout: 240_000 };

let shop, browser;
before(async () => {
  shop = await openShop(0.2);
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await shop?.close();
});

const shot = (page, name) => page.screenshot({ path: `${process.env.SCREENSHOTS}/${name}.png` });

// Two texts of which one lies on the other, and texts that the window, their picture or their box
// cuts; runs in the page. What a list has scrolled out of sight is not shown, and not cut either.
function faults() {
  const found = [];
  const scrolled = document.querySelector("#rows").getBoundingClientRect();
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const [text, parent] = [walker.currentNode.data.trim(), walker.currentNode.parentElement];
    if (!text || parent.closest("#announcer, template, noscript, script")) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    const boxes = parent.closest("svg") ? [parent.getBoundingClientRect()] : range.getClientRects();
    for (const box of boxes) {
      if (box.width === 0 || getComputedStyle(parent).visibility === "hidden") continue;
      const isRow = parent.closest("#rows");
      if (isRow && (box.top < scrolled.top || box.bottom > scrolled.bottom)) continue;
      texts.push({ text, parent, box: inked(box, parent) });
    }
  }
  for (const { text, parent, box } of texts) {
    const frame = parent.closest("svg")?.getBoundingClientRect() ?? new DOMRect(0, 0, innerWidth, innerHeight);
    if (leaves(box, frame)) found.push(`“${text}” leaves ${parent.closest("svg") ? "its picture" : "the window"}`);
    for (let around = parent.parentElement; around; around = around.parentElement) {
      const clips = getComputedStyle(around).overflowX !== "visible" && !around.closest("svg");
      if (clips && leaves(box, around.getBoundingClientRect())) found.push(`“${text}” is cut by ${around.tagName} #${around.id}`);
    }
  }
  for (const input of document.querySelectorAll("input[type=number]")) {
    if (input.scrollWidth > input.clientWidth + 1) found.push(`“${input.value}” is cut by its field`);
  }
  texts.forEach((one, i) => {
    for (const other of texts.slice(i + 1)) {
      const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
      if (across > 1 && down > 1) found.push(`“${one.text}” lies on “${other.text}”`);
    }
  });
  // Bars are for names: a label must not run into them.
  for (const { text, parent, box } of texts) {
    if (!parent.closest("svg") || parent.closest(".names, .marks")) continue;
    for (const bar of parent.closest("svg").querySelectorAll(".bar")) {
      const other = bar.getBoundingClientRect();
      if (Math.min(box.right, other.right) - Math.max(box.left, other.left) > 1
        && Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top) > 1) found.push(`“${text}” lies on a bar`);
    }
  }
  return { found: [...new Set(found)], texts: texts.length };

  // A line is higher than its letters, above and below.
  function inked(box, parent) {
    const size = parseFloat(getComputedStyle(parent).fontSize);
    const spare = Math.max(0, (box.height - 0.95 * size) / 2);
    return new DOMRect(box.x, box.y + spare, box.width, box.height - 2 * spare);
  }
  function leaves(box, frame) {
    return box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1;
  }
}

async function assertReadable(page, what) {
  const { found, texts } = await page.evaluate(faults);
  assert.ok(texts > 15, `${what}: only ${texts} texts are looked at`);
  assert.deepEqual(found, [], what);
}

async function on(t, [width, height], colorScheme, run) {
  const page = await openPage(browser, shop, { viewport: { width, height }, colorScheme });
  t.after(() => page.context().close());
  await run(page, width);
  assert.deepEqual(page.trouble, []);
}

for (const window of WINDOWS) {
  test(`at ${window.join(" x ")}, light and dark, no text lies on another and none is cut`, BOUNDED, async (t) => {
    await on(t, window, "light", (light, name) => on(t, window, "dark", async (dark) => {
      const both = async (what, picture) => {
        await over(dark, Number(what[0]));
        for (const [page, scheme] of [[light, "light"], [dark, "dark"]]) {
          if (picture) await shot(page, `layout-${name}-${scheme}-${picture}`);
          await assertReadable(page, `${scheme}, step ${what}`);
        }
      };
      for (const customers of CROWDS) {
        await serve(light, 5, customers, customers === 24 ? 600 : 0.4);
        await over(light, 5);
        await both(`5, ${customers} customers`, customers);
      }
      await serve(light, 3, 24, 0);
      await assertReadable(light, "24 customers, answered before they are served");
      await over(light, 3);
      await both("3, 24 customers");
      await light.fill("#customers", "0");
      await light.click("#serve");
      await light.waitForFunction(() => document.querySelector("#hint").textContent.includes("too few"));
      await assertReadable(light, "a hint");
      light.trouble = light.trouble.filter((trouble) => !trouble.includes("400 (Bad Request)"));
    }));
  });

  test(`at ${window.join(" x ")} orders at once share an axis, and many have a row each`, BOUNDED, async (t) => {
    await on(t, window, "light", async (page, name) => {
      const order = (path) => fetch(`${shop.origin}/serve-customer/${path}`);
      const few = [order("3?step=2"), order("24?step=4"), order("10000?step=5")];
      await page.waitForFunction(() => document.querySelectorAll(".run").length === 3);
      await Promise.all(few);
      await page.waitForFunction(() => document.querySelectorAll(".run[data-over=true]").length === 3);
      await shot(page, `layout-${name}-three`);
      await assertReadable(page, "three at once");
      const axes = await page.locator(".run svg").evaluateAll((pictures) => pictures.map((picture) => {
        const marks = [...picture.querySelectorAll(".axis text")];
        return marks.map((mark) => `${mark.textContent} at ${mark.getAttribute("x")}`).join(", ");
      }));
      assert.equal(new Set(axes).size, 1, `${axes}`);

      await page.waitForTimeout(100);
      const many = Array.from({ length: 30 }, () => order("6?step=2"));
      await page.waitForFunction(() => document.querySelectorAll("#rows li").length >= 20);
      const mine = serve(page, 4, 7);
      await page.waitForSelector("#rows li.mine");
      await shot(page, `layout-${name}-many`);
      await assertReadable(page, "many at once");
      const row = await page.locator("#rows li.mine").innerText();
      assert.match(row, /^yours: Step 4, 7 customers/);
      assert.ok(await page.locator("#rows li.mine").evaluate((item) => {
        const [own, list] = [item.getBoundingClientRect(), item.parentElement.getBoundingClientRect()];
        return own.top >= list.top - 1 && own.bottom <= list.bottom + 1;
      }), "one's own order is in sight");
      await Promise.all([mine, ...many]);
      const rows = await page.locator("#rows li").count();
      const reachable = await page.locator("#rows").evaluate((list) => {
        list.scrollTop = list.scrollHeight;
        const [last, box] = [list.lastElementChild.getBoundingClientRect(), list.getBoundingClientRect()];
        return last.bottom <= box.bottom + 1;
      });
      assert.ok(rows >= 31 && reachable, `${rows} rows, all of which can be reached`);
    });
  });
}

test("a hint moves nothing", BOUNDED, async (t) => {
  await on(t, [1280, 720], "light", async (page) => {
    const places = () => page.evaluate(() => ["#serve", "#stage", "footer"].map((name) => document.querySelector(name).getBoundingClientRect().top));
    const before = await places();
    await page.click("#leave");
    assert.match(await page.locator("#hint").innerText(), /^No order of this page waits/);
    assert.deepEqual(await places(), before);
  });
});

test("what was tried keeps its order, and 2 s are never as wide as 6 s were", BOUNDED, async (t) => {
  await on(t, [1920, 1080], "light", async (page) => {
    const tried = () => page.locator("#results .what").allInnerTexts();
    for (const step of [2, 4, 5]) {
      await serve(page, step, 5);
      await over(page, step);
    }
    const first = (await tried()).map((what) => what.replace("▸ ", ""));
    assert.deepEqual(first.slice(-3), [2, 4, 5].map((step) => `Step ${step}, 5 customers`));
    const share = await page.evaluate(() => {
      const [first, last] = [...document.querySelectorAll(".run .axis text")].filter((_, i, all) => i === 0 || i === all.length - 1);
      const bars = [...document.querySelectorAll(".run rect.bar")].map((bar) => Number(bar.getAttribute("width")));
      return Math.max(...bars) / (Number(last.getAttribute("x")) - Number(first.getAttribute("x")));
    });
    assert.ok(share < 0.1, `one action of step 5 is ${share} of the axis on which step 2 was drawn`);
    await serve(page, 2, 5);
    await over(page, 2);
    assert.deepEqual((await tried()).map((what) => what.replace("▸ ", "")), first);
  });
});

// The picture of the README; ./check.sh pictures keeps it.
for (const colorScheme of ["light", "dark"]) {
  test(`the README's picture, ${colorScheme}`, BOUNDED, async (t) => {
    const slow = await openShop(2);
    t.after(() => slow.close());
    const page = await openPage(browser, slow, { viewport: { width: 1280, height: 720 }, deviceScaleFactor: 1.5, colorScheme });
    t.after(() => page.context().close());
    for (const step of [3, 4, 5]) {
      await serve(page, step, 3, 2);
      await over(page, step);
    }
    await page.waitForTimeout(600); // what moves at the end has moved
    await assertReadable(page, "the README's picture");
    await shot(page, `live-${colorScheme}`);
    assert.deepEqual(page.trouble, []);
  });
}
