// The page: listens to the shop, and draws what it hears.
//
// The shop sends what is, not what changed: every event is the whole state, so the newest one is
// all that this page keeps, and one that was missed is not missed.

import { length, showMany, showTried, write } from "./bars.js";
import { Picture, describe } from "./draw.js";
import { guessOf, isMine, listenToForm, offer } from "./order.js";
import { reach } from "./scale.js";
import { compared, idea, number, sentence, story, title } from "./words.js";

const $ = (id) => document.getElementById(id);
const calm = matchMedia("(prefers-reduced-motion: reduce)");

let state = { shop: null, runs: [], rows: [], unseen: 0, tried: [] };
let heardAt = 0; // when the state came, on this page's own clock
const panels = new Map(); // of the runs on the page, by id

// ---- Listening ----

let events = null;

function listen() {
  events?.close();
  if (document.hidden) return;
  events = new EventSource("events");
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

// A hidden page gives its connection to another one, and catches up later.
document.addEventListener("visibilitychange", listen);

function hear(next) {
  if (JSON.stringify(state.shop) !== JSON.stringify(next.shop)) offer(next.shop);
  const before = state;
  [state, heardAt] = [next, performance.now()];
  announce(before, next);
  showTried(state.tried, state.shop.one_after_another_s);
  if ($("told").open) showWords();
  animate();
}

// ---- Drawing ----

let drawing = false;

const isQuiet = () => state.runs.every((run) => run.over) && state.rows.every((row) => row[6]);

// Draws once for each picture of the screen while something moves, and not at all while nothing
// does; twice a second is enough for readers who want no motion.
function animate() {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    if (state.shop) showRuns();
    if (isQuiet()) return;
    if (calm.matches) setTimeout(animate, 500);
    else animate();
  });
}

function showRuns() {
  const connected = events?.readyState === EventSource.OPEN;
  const since = connected ? (performance.now() - heardAt) / 1_000 : 0;
  const runs = state.runs.map((run) => ({ run, now: run.over ? run.now_s : run.now_s + since }));
  // Before anything is measured, because what is hidden has no size.
  $("runs").classList.toggle("several", runs.length > 1);
  $("empty").hidden = runs.length + state.rows.length > 0;
  $("runs").hidden = runs.length === 0;
  $("many").hidden = state.rows.length === 0;
  removePanels();
  const axis = sharedReach(runs);
  const low = runs.length > 1;
  // All texts first, because a picture has the room that they leave.
  for (const { run, now } of runs) tell(panels.get(run.id) ?? panel(run), run, now);
  const pictures = runs.map(({ run, now }) => ({ run, now, picture: panels.get(run.id).picture }));
  const labels = Math.max(0, ...pictures.map(({ run, picture }) => picture.measure(run, low)));
  for (const { run, now, picture } of pictures) {
    picture.draw(run, { now, guess: guessOf(run.tag), reach: axis, low, labels });
  }
  showMany(state.rows, since, isMine, state.shop.one_after_another_s);
  write($("unseen"), state.unseen ? `and ${number(state.unseen)} more at the same time` : "");
}

// Those whose runs are gone, before the others are measured: they take room.
function removePanels() {
  const shown = new Set(state.runs.map((run) => run.id));
  for (const [id, { article }] of panels) {
    if (shown.has(id)) continue;
    article.remove();
    panels.delete(id);
  }
}

// All runs on the page have one axis, and so has what was tried with as many customers: 2 s are
// never drawn as wide as 6 s were a moment ago.
function sharedReach(runs) {
  const crowds = new Set(runs.map(({ run }) => run.customers));
  const alike = state.tried.filter((result) => crowds.has(result.customers) && result.lost === 0);
  const going = runs.filter(({ run }) => !run.over).map(({ now }) => now);
  return reach([...runs.map(({ now }) => now), ...alike.map(length)], going, state.shop.one_after_another_s);
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

function tell(panel, run, now) {
  write(panel.title, title(run, state.shop));
  write(panel.idea, idea(run, state.shop));
  write(panel.clock, now.toFixed(1));
  write(panel.sentence, sentence(run));
  write(panel.compared, compared(run, guessOf(run.tag)));
  panel.article.dataset.over = run.over;
  panel.svg.setAttribute("aria-label", describe(run));
}

function showWords() {
  const words = state.runs.flatMap((run) => {
    return [`${title(run, state.shop)}. ${sentence(run)}.`, ...story(run)];
  });
  if (state.rows.length > 0) words.push("There are many orders: see the list.");
  if (words.length === 0) words.push("There is no order yet.");
  $("words").replaceChildren(...words.map((text) => {
    return Object.assign(document.createElement("p"), { textContent: text });
  }));
}

// For a screen reader: when a run begins, when it is answered, and how it ends. Not each action,
// which would still be read out when the next run begins.
function announce(before, after) {
  for (const run of after.runs) {
    const old = before.runs.find((other) => other.id === run.id);
    const started = !old && !run.over && `${title(run, after.shop)}: serving.`;
    const answered = old && old.answered_s === null && run.answered_s !== null && !run.over;
    const ended = run.over && before.shop && !old?.over;
    if (ended) say([sentence(run), compared(run, guessOf(run.tag))].filter(Boolean).join(". "));
    else if (answered) say(sentence(run));
    else if (started) say(started);
  }
}

function say(text) {
  $("announcer").textContent = text;
}

$("told").ontoggle = showWords;
new ResizeObserver(animate).observe($("stage"));
$("curl").textContent = `curl ${location.host}${location.pathname}serve-customer/3`;
listenToForm();
listen();
