// A shop, a browser, and what a test wants to know of a page.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { chromium } from "playwright-core";

const ends = new Set();
for (const signal of ["SIGTERM", "SIGINT"]) {
  process.once(signal, () => {
    for (const end of ends) end();
    process.exit(1);
  });
}

// Opens a shop as from a terminal, on a free port unless one is given.
export async function openShop(actionSeconds, port = 0) {
  const flags = ["--plain", "--port", String(port), "--action-seconds", String(actionSeconds)];
  const shop = spawn(process.env.SHOP, flags, { stdio: ["ignore", "pipe", "inherit"] });
  const end = () => shop.kill("SIGKILL");
  ends.add(end);
  const ended = once(shop, "exit");
  const opened = await new Promise((found, failed) => {
    ended.then(([code]) => failed(new Error(`the shop ended with code ${code}`)));
    let text = "";
    shop.stdout.on("data", (data) => {
      text += data;
      const opened = text.match(/open on http:\/\/localhost:(\d+)/)?.[1];
      if (opened) found(opened);
    });
  });
  const close = async () => {
    const began = performance.now();
    shop.kill("SIGINT");
    const [code] = await ended;
    ends.delete(end);
    return { code, seconds: (performance.now() - began) / 1_000 };
  };
  return { port: opened, origin: `http://localhost:${opened}`, close };
}

export function openBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
      "--disable-background-networking", "--disable-component-update",
    ],
  });
}

// A page that remembers what went wrong on it, and what it asked of whom.
export async function openPage(browser, shop, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, ...options });
  const page = await context.newPage();
  page.trouble = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) page.trouble.push(message.text());
  });
  page.on("pageerror", (error) => page.trouble.push(String(error)));
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== shop.origin) page.trouble.push(`asked ${request.url()}`);
  });
  await page.addInitScript(countFrames);
  await page.goto(shop.origin + (shop.prefix ?? "/"));
  await page.waitForSelector("#connection.live");
  await page.waitForSelector("#steps input");
  return page;
}

// Counts, beside the page, the events that reach it and the pictures that the browser draws.
function countFrames() {
  window.seen = { events: [], pictures: [] };
  const Plain = window.EventSource;
  window.EventSource = class extends Plain {
    constructor(...all) {
      super(...all);
      this.addEventListener("message", ({ data }) => {
        window.seen.events.push([performance.now(), data.length, JSON.parse(data).runs.length]);
      });
    }
  };
  const picture = (at) => {
    window.seen.pictures.push(at);
    requestAnimationFrame(picture);
  };
  requestAnimationFrame(picture);
}

// Orders with the mouse; returns the log that the shop answered with.
export async function serve(page, step, customers, guess = 1) {
  await page.click(`#steps label:has(input[value="${step}"])`);
  await page.fill("#customers", String(customers));
  await page.fill("#guess", String(guess));
  const answer = page.waitForResponse((response) => response.url().includes("/serve-customer/"));
  await page.click("#serve");
  return (await answer).json();
}

// Waits until the newest run on the page is one of this step and over.
export async function over(page, step) {
  await page.waitForFunction((step) => {
    const run = document.querySelector("#runs .run:last-child");
    return run?.dataset.over === "true" && run.querySelector("h2").textContent.startsWith(`Step ${step},`);
  }, step, { timeout: 60_000 });
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
}

// The bars as they stand on the page, measured against the marks of its own axis, in seconds.
export function bars(page) {
  return page.evaluate(() => {
    const run = document.querySelector("#runs .run:last-child");
    const marks = [...run.querySelectorAll("svg text")].filter((text) => /^[\d.]+ s$/.test(text.textContent));
    const [first, last] = [marks[0], marks.at(-1)];
    const x = (mark) => Number(mark.getAttribute("x"));
    const scale = parseFloat(last.textContent) / (x(last) - x(first));
    return [...run.querySelectorAll("rect.bar")].map((bar) => {
      const number = (name) => Number(bar.getAttribute(name));
      const start = (number("x") - x(first)) * scale;
      const { customer, action, state } = bar.dataset;
      return { customer: Number(customer), action, state, row: number("y"), start, end: start + number("width") * scale };
    });
  });
}

export const text = (page, selector) => page.locator(selector).last().innerText();
