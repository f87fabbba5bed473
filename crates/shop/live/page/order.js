// The form: what can be ordered, and the orders of this page.

import { number, people } from "./words.js";

const $ = (id) => document.getElementById(id);
const element = (tag, properties) => Object.assign(document.createElement(tag), properties);

const MOST_KEPT = 50;
const guesses = new Map(); // of this page's orders, by tag; undefined where there is none
const waiting = new Set(); // the orders of this page that are not answered yet

// Whether a run is an order of this page, and what was guessed for it.
export const isMine = (tag) => guesses.has(tag);
export const guessOf = (tag) => guesses.get(tag);

// Nothing can be ordered before the shop has said what there is.
export function offer(shop) {
  $("steps").replaceChildren(...shop.steps.map((step) => choice(step, step.number === shop.step)));
  $("customers").max = shop.max_customers;
  const crowds = [1, 3, 30, 300, 10_000, 100_000].filter((n) => n <= shop.max_customers);
  $("presets").replaceChildren(...crowds.map(preset));
  $("controls").disabled = false;
}

function choice({ number, name, idea }, checked) {
  const label = element("label", { title: idea });
  const text = element("span", {});
  text.append(element("b", { textContent: number }), name);
  label.append(element("input", { type: "radio", name: "step", value: number, checked }), text);
  return label;
}

function preset(n) {
  const button = element("button", { type: "button", textContent: number(n) });
  button.setAttribute("aria-label", people(n));
  button.onclick = () => ($("customers").value = n);
  return button;
}

export function listenToForm() {
  $("order").onsubmit = (event) => {
    event.preventDefault();
    hint("");
    const guess = $("guess").valueAsNumber;
    const tag = `t${Math.random().toString(36).slice(2, 12)}`;
    guesses.set(tag, Number.isNaN(guess) ? undefined : guess);
    if (guesses.size > MOST_KEPT) guesses.delete(guesses.keys().next().value);
    $("guess").value = "";
    order(new FormData($("order")).get("step"), $("customers").value, tag);
  };
  $("leave").onclick = () => {
    if (waiting.size === 0) hint("No order of this page waits: press Serve, and hang up before the answer.");
    for (const leave of waiting) leave.abort();
  };
}

// As curl does, but for the log itself. The address is relative, because there may be a proxy's
// prefix before it.
async function order(step, customers, tag) {
  const leave = new AbortController();
  waiting.add(leave);
  try {
    const path = `serve-customer/${encodeURIComponent(customers)}?step=${step}&tag=${tag}`;
    const headers = { Accept: "application/json" };
    const answer = await fetch(path, { signal: leave.signal, headers });
    const text = await answer.text();
    if (!answer.ok) hint(text);
  } catch {
    const hungUp = "You hung up. What became of your coffees?";
    hint(leave.signal.aborted ? hungUp : "No answer: is the shop still open?");
  }
  waiting.delete(leave);
}

function hint(text) {
  $("hint").textContent = text;
}
