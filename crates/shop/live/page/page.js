// The page: takes orders, listens to the shop, and draws what it hears.
//
// The shop sends what is, not what changed: every event is the whole state, so the newest one is
// all that this page keeps, and one that was missed is not missed.

import { Picture, describe } from "./draw.js";
import { compared, idea, isLate, number, people, sentence, story, title, took } from "./words.js";

const $ = (id) => document.getElementById(id);
const calm = matchMedia("(prefers-reduced-motion: reduce)");

let state = { shop: null, runs: [], unseen: 0, tried: [] };
let heardAt = 0; // when the state came, on this page's own clock
const panels = new Map(); // of the runs on the page, by id

// ---- Listening ----

let events = null;

function listen() {
  events?.close();
  if (document.hidden) return;
  events = new EventSource("/events");
  events.onopen = () => connected(true);
  events.onmessage = (message) => hear(JSON.parse(message.data));
  events.onerror = () => {
    connected(false);
    // The browser tries again by itself, except when it was refused: there are enough viewers.
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 5_000);
  };
}

function connected(yes) {
  const status = yes ? "live" : "not connected: the shop is closed or full; trying again";
  $("connection").textContent = status;
  $("connection").classList.toggle("live", yes);
}

// A page that nobody looks at gives its connection to somebody else, and catches up later.
document.addEventListener("visibilitychange", listen);

function hear(next) {
  if (JSON.stringify(state.shop) !== JSON.stringify(next.shop)) offer(next.shop);
  if (newest(next) < newest(state)) guesses.clear(); // another shop, which counts from 1 again
  const before = state;
  [state, heardAt] = [next, performance.now()];
  adopt();
  announce(before, next);
  showResults();
  if ($("told").open) showWords();
  animate();
}

const newest = ({ runs, tried }) => Math.max(0, ...[...runs, ...tried].map((run) => run.id));

// ---- Drawing ----

let drawing = false;

// Draws once for each picture of the screen while something moves, and not at all while nothing
// does; twice a second is enough for whoever wants no motion.
function animate() {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    showRuns();
    if (state.runs.every((run) => run.over)) return;
    if (calm.matches) setTimeout(animate, 500);
    else animate();
  });
}

function showRuns() {
  const since = (performance.now() - heardAt) / 1_000;
  const connected = events?.readyState === EventSource.OPEN;
  for (const run of state.runs) {
    const now = run.over || !connected ? run.now_s : run.now_s + since;
    show(panels.get(run.id) ?? panel(run), run, now);
  }
  const shown = new Set(state.runs.map((run) => run.id));
  for (const [id, { article }] of panels) {
    if (shown.has(id)) continue;
    article.remove();
    panels.delete(id);
  }
  $("runs").classList.toggle("several", state.runs.length > 1);
  $("empty").hidden = state.runs.length > 0;
  $("runs").hidden = state.runs.length === 0;
  $("unseen").textContent = state.unseen ? `and ${number(state.unseen)} more at the same time` : "";
}

function panel(run) {
  const article = $("run").content.cloneNode(true).firstElementChild;
  article.dataset.run = run.id;
  $("runs").append(article);
  const part = (name) => article.querySelector(name);
  const parts = {
    title: part("h2"),
    idea: part(".idea"),
    clock: part(".clock span"),
    sentence: part(".sentence"),
    compared: part(".compared"),
    svg: part("svg"),
  };
  panels.set(run.id, { article, ...parts, picture: new Picture(parts.svg) });
  return panels.get(run.id);
}

function show(panel, run, now) {
  const guess = guesses.get(run.id);
  write(panel.title, title(run, state.shop));
  write(panel.idea, idea(run, state.shop));
  write(panel.clock, now.toFixed(1));
  write(panel.sentence, sentence(run));
  write(panel.compared, compared(run, guess));
  panel.article.dataset.over = run.over;
  panel.svg.setAttribute("aria-label", describe(run));
  panel.picture.draw(run, now, guess, state.shop.one_after_another_s);
}

// Only if it is new, so that nothing is laid out again for nothing.
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// Whoever came in the same number as the last ones comes first: those compare.
function showResults() {
  const last = state.tried.at(-1);
  const crowd = ({ customers }) => (customers === last?.customers ? 0 : customers);
  const order = (a, b) => crowd(a) - crowd(b) || a.step - b.step;
  const results = [...state.tried].sort(order).slice(0, 5);
  const longest = Math.max(...results.map(length));
  $("tried").hidden = results.length === 0;
  $("results").replaceChildren(...results.map((result) => bar(result, result === last, longest)));
}

const length = (result) => Math.max(result.last_end_s, result.answered_s ?? 0);

function bar(result, isLast, longest) {
  const item = $("result").content.cloneNode(true).firstElementChild;
  const part = (name) => item.querySelector(name);
  item.dataset.step = result.step;
  item.classList.toggle("newest", isLast);
  item.classList.toggle("later", result.lost === 0 && isLate(result));
  item.classList.toggle("stopped", result.lost > 0);
  part(".what").textContent = `Step ${result.step}, ${people(result.customers)}`;
  part(".length").style.width = `${(100 * length(result)) / longest}%`;
  part(".took").textContent = took(result);
  return item;
}

function showWords() {
  const words = state.runs.flatMap((run) => {
    return [`${title(run, state.shop)}. ${sentence(run)}.`, ...story(run)];
  });
  if (words.length === 0) words.push("Nobody is here yet.");
  $("words").replaceChildren(...words.map((text) => element("p", { textContent: text })));
}

const element = (tag, properties) => Object.assign(document.createElement(tag), properties);

// For a screen reader: when a run begins, when it is answered, and how it ends. Not each action,
// which would still be read out when the next run begins.
function announce(before, after) {
  for (const run of after.runs) {
    const old = before.runs.find((other) => other.id === run.id);
    const started = !old && !run.over && `${title(run, after.shop)}: serving.`;
    const answered = old && old.answered_s === null && run.answered_s !== null && !run.over;
    const ended = run.over && before.shop && !old?.over;
    if (ended) say([sentence(run), compared(run, guesses.get(run.id))].filter(Boolean).join(". "));
    else if (answered) say(sentence(run));
    else if (started) say(started);
  }
}

function say(text) {
  $("announcer").textContent = text;
}

// ---- Ordering ----

const guesses = new Map(); // by run
const waiting = new Set(); // the orders of this page that are not answered yet
let pending = null; // the order whose run has not been seen yet
let asked = false;

function offer(shop) {
  $("steps").replaceChildren(...shop.steps.map((step) => choice(step, step.number === shop.step)));
  $("customers").max = shop.max_customers;
  const crowds = [1, 3, 30, 300, 10_000, 100_000].filter((n) => n <= shop.max_customers);
  $("presets").replaceChildren(...crowds.map(preset));
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

$("order").onsubmit = (event) => {
  event.preventDefault();
  const guess = $("guess").valueAsNumber;
  if (Number.isNaN(guess) && !asked) {
    asked = true;
    hint("Guess first: the answer comes after how many seconds? Or press Serve again to just watch.");
    $("guess").focus();
    return;
  }
  asked = false;
  hint("");
  const step = new FormData($("order")).get("step");
  const customers = $("customers").valueAsNumber;
  pending = { step: Number(step), customers, guess, last: newest(state) };
  $("guess").value = "";
  order(step, $("customers").value);
};

// As curl does, but for the log itself.
async function order(step, customers) {
  const leave = new AbortController();
  waiting.add(leave);
  try {
    const path = `/serve-customer/${encodeURIComponent(customers)}?step=${step}`;
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

// The first new run that looks like this page's order is taken for it; if another one looks the
// same, it is the same lesson.
function adopt() {
  const alike = (run) => run.step === pending.step && run.customers === pending.customers;
  const run = pending && state.runs.find((run) => run.id > pending.last && alike(run));
  if (!run) return;
  if (!Number.isNaN(pending.guess)) guesses.set(run.id, pending.guess);
  if (guesses.size > 20) guesses.delete(guesses.keys().next().value);
  pending = null;
}

$("leave").onclick = () => {
  if (waiting.size === 0) hint("Nobody waits on this page: press Serve, and hang up before the answer.");
  for (const leave of waiting) leave.abort();
};

function hint(text) {
  $("hint").textContent = text;
}

$("told").ontoggle = showWords;
new ResizeObserver(animate).observe($("stage"));
$("curl").textContent = `curl ${location.host}/serve-customer/3`;
listen();
