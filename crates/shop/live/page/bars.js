// Lists of orders, a bar for each on one axis: those that were tried so far, and those of a room
// full of phones.

import { isLate, people, progress, took } from "./words.js";
import { reach } from "./scale.js";

const $ = (id) => document.getElementById(id);

export const length = (result) => Math.max(result.last_end_s, result.answered_s ?? 0);

// In the order in which they were tried, the same order again in its old place.
export function showTried(tried, customerSeconds) {
  const newest = Math.max(...tried.map(({ id }) => id));
  const results = tried.slice(-6);
  const longest = reach(results.map(length), [], customerSeconds);
  $("tried").hidden = results.length === 0;
  $("results").replaceChildren(...results.map((result) => {
    const item = bar();
    item.dataset.step = result.step;
    item.classList.toggle("newest", result.id === newest);
    fill(item, {
      what: `Step ${result.step}, ${people(result.customers)}`,
      took: took(result),
      part: length(result) / longest,
      later: result.lost === 0 && isLate(result),
      stopped: result.lost > 0,
    });
    return item;
  }));
}

const items = new Map(); // of the rows on the page, by the run's id

// Newest first. `since` is how long ago they came, and `mine` whether a tag is of this page.
export function showMany(rows, since, mine, customerSeconds) {
  const runs = rows.map(([id, step, customers, served, lost, now, over, tag]) => (
    { id, step, customers, served, lost, over, tag, now: over ? now : now + since }
  ));
  const longest = reach(runs.map(({ now }) => now), runs.filter(({ over }) => !over).map(({ now }) => now), customerSeconds);
  const going = runs.filter(({ over }) => !over).length;
  write($("many-title"), `${runs.length} orders, ${going} going on`);
  for (const run of [...runs].reverse()) showRow(run, longest, mine(run.tag));
  const shown = new Set(runs.map(({ id }) => id));
  for (const [id, item] of items) {
    if (shown.has(id)) continue;
    item.remove();
    items.delete(id);
  }
}

function showRow(run, longest, isMine) {
  let item = items.get(run.id);
  if (!item) {
    item = bar();
    items.set(run.id, item);
    $("rows").prepend(item);
    item.classList.toggle("mine", isMine);
    if (isMine) item.scrollIntoView({ block: "nearest" });
  }
  fill(item, {
    what: `${isMine ? "yours: " : ""}Step ${run.step}, ${people(run.customers)}`,
    took: progress(run),
    part: run.now / longest,
    later: !run.over,
    stopped: run.lost > 0,
  });
}

const bar = () => $("bar").content.cloneNode(true).firstElementChild;

function fill(item, { what, took, part, later, stopped }) {
  write(item.querySelector(".what"), what);
  write(item.querySelector(".took"), took);
  item.querySelector(".length").style.width = `${100 * part}%`;
  item.classList.toggle("later", later && !stopped);
  item.classList.toggle("stopped", stopped);
}

// Only if it is new, so that nothing is laid out again for nothing.
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
