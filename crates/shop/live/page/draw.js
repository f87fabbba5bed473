// Draws one run. A row holds one thing at a time, as in the text timeline: the height of the
// picture is its concurrency, its width the time, and the area, the work, is always the same.

import { textWidth, ticks, unit } from "./scale.js";
import { number, people, seconds } from "./words.js";

const ACTIONS = ["pay", "espresso", "milk"];
// Of the unit: the size of a text, and what a line of it takes.
const TEXT = 0.95, LINE = 1.2;

// Elements are kept from one drawing to the next, by name, and only their numbers change.
export class Picture {
  constructor(svg) {
    this.svg = svg;
    this.elements = new Map();
    this.textures();
    // What is drawn later lies on top, so each kind has its own layer.
    for (const layer of ["axis", "rows", "marks", "names"]) {
      this.put(`defs ${layer}`, "g", { class: layer });
    }
  }

  // How wide the labels of a run are. `low` is for a picture that shares the page with others: its
  // flags share a line.
  measure(run, low) {
    const { clientWidth: width, clientHeight: height } = this.svg;
    this.u = unit();
    this.narrow = width < 34 * this.u;
    this.top = (low ? 1 : 2) * LINE * this.u + 0.15 * this.u;
    this.height = Math.max(height - this.top - 1.7 * this.u, this.u);
    this.edge = width;
    return this.labels(run);
  }

  // All pictures on the page leave the same room for labels, or their axes would not compare.
  draw(run, { now, guess, reach, low, labels }) {
    if (this.edge === 0) return; // no place on the page yet: the next frame draws
    this.drawn = new Set();
    this.reach = reach;
    this.left = labels + 0.7 * this.u;
    this.width = Math.max(this.edge - this.left - this.wide("0,000 s") / 2, 2 * this.u);
    this.bottom = this.top + this.height;
    this.layer = "rows";
    if (run.samples.length > 0) this.crowd(run, now);
    else this.lanes(run, now);
    this.layer = "axis";
    this.axis();
    this.layer = "marks";
    if (!run.over) this.vertical("now", "now", now, this.top);
    this.flags(run, guess, low);
    this.sweep();
  }

  wide(text, weight) {
    return textWidth(text, TEXT * this.u, weight);
  }

  labels(run) {
    if (run.samples.length === 0) return this.wide(this.customer(run.customers));
    this.flat = this.height / 4 < 2.3 * LINE * this.u;
    const figure = this.wide(this.figure("pay", run.customers));
    const name = this.wide("espresso", 700);
    return this.flat ? name + 0.6 * this.u + figure : Math.max(name, figure);
  }

  customer(n) {
    return this.narrow ? `no. ${n}` : `customer ${n}`;
  }

  figure(row, n) {
    return number(n) + (row === "served" || this.narrow || this.flat ? "" : " at once");
  }

  x(at) {
    return this.left + (this.width * Math.min(at, this.reach)) / this.reach;
  }

  axis() {
    const room = this.wide("0,000.0 s") + 1.2 * this.u;
    for (const [at, label] of ticks(this.reach, Math.min(10, Math.max(1, Math.floor(this.width / room))))) {
      const x = this.x(at);
      this.put(`grid ${at}`, "path", { class: "grid", d: `M${x} ${this.top}V${this.bottom}` });
      this.text(`tick ${at}`, "soft middle", x, this.bottom + 1.25 * this.u, label);
    }
  }

  lanes(run, now) {
    const customers = Array.from({ length: run.customers }, (_, i) => lanes(run.records, i + 1));
    const count = customers.reduce((sum, lanes) => sum + lanes.length, 0);
    // Between two customers is a third of a row.
    const pitch = Math.min(this.height / (count + (customers.length - 1) / 3), 6 * this.u);
    let [y, labelled] = [this.top, -Infinity];
    customers.forEach((lanes, i) => {
      const middle = y + (lanes.length * pitch) / 2;
      if (middle - labelled >= LINE * this.u) {
        labelled = middle;
        this.text(`label ${i}`, "soft end", this.left - 0.7 * this.u, middle + 0.34 * TEXT * this.u, this.customer(i + 1));
      }
      for (const records of lanes) {
        for (const record of records) this.bar(record, y, pitch, now);
        y += pitch;
      }
      y += pitch / 3;
    });
    this.bottom = y - pitch / 3;
  }

  bar(record, y, pitch, now) {
    const { customer, action, outcome } = record;
    const key = `${customer} ${action} ${record.started_s}`;
    const from = this.x(record.started_s);
    const to = this.x(record.ended_s ?? Math.max(now, record.started_s));
    const [width, height, rx] = [Math.max(to - from, 1), pitch * 0.9, Math.min(0.4 * this.u, pitch / 5)];
    const box = { x: from, y: y + pitch * 0.05, width, height, rx };
    const state = (outcome ?? "going") + (pitch < 0.45 * this.u ? " thin" : "");
    const data = { "data-customer": customer, "data-action": action, "data-state": outcome ?? "going" };
    this.put(`bar ${key}`, "rect", { class: `bar ${action} ${state}`, ...box, ...data });
    const texture = { class: state, fill: `url(#${action})`, ...box };
    if (action !== "pay") this.put(`texture ${key}`, "rect", texture);
    if (outcome === "cancelled") this.cancelled(key, action, box);
    else this.name(key, action, box);
  }

  // The name where there is room, else its initial; the texture is there in any case.
  name(key, action, box) {
    const fitting = (text) => Math.min(box.height * 0.7, 1.3 * this.u, (0.9 * box.width) / textWidth(text, 1));
    const text = fitting(action) >= 0.6 * this.u ? action : action[0].toUpperCase();
    const size = fitting(text);
    if (size >= 0.5 * this.u) this.inside(key, `middle on-${action}`, box, text, size, box.width / 2);
  }

  inside(key, kind, box, text, size, right) {
    const [x, y] = [box.x + right, box.y + box.height / 2 + size * 0.34];
    this.text(`name ${key}`, kind, x, y, text, "names").style.fontSize = `${size}px`;
  }

  // What was cut off has its whole name, beside the cross: nothing follows in its row.
  cancelled(key, action, box) {
    const end = box.x + box.width, r = Math.min(0.4 * this.u, box.height / 2), middle = box.y + box.height / 2;
    const d = `M${end - r} ${middle - r}l${2 * r} ${2 * r}M${end - r} ${middle + r}l${2 * r} ${-2 * r}`;
    this.put(`cross ${key}`, "path", { class: "cross", d });
    const [text, size] = [`${action} cancelled`, Math.min(0.8 * box.height, TEXT * this.u)];
    if (size < 0.5 * this.u) return;
    const room = textWidth(text, size, 700) + 1.2 * this.u;
    if (end + room < this.edge) this.inside(key, "off", box, text, size, box.width + 0.7 * this.u);
    else if (room < box.width) this.inside(key, "off end", box, text, size, box.width - 0.7 * this.u);
  }

  // A strip for each action, as high as the part of the customers who are at it. Where not even
  // their names find room, one for those who are served.
  crowd(run, now) {
    const all = [...ACTIONS, "served"];
    const rows = this.height / all.length < LINE * this.u ? ["served"] : all;
    const pitch = this.height / rows.length;
    const latest = [now, ...run.samples.at(-1).slice(1)];
    const samples = run.over ? run.samples : [...run.samples, latest];
    rows.forEach((row, i) => {
      const base = this.top + (i + 1) * pitch;
      const counts = samples.map((sample) => sample[all.indexOf(row) + 1]);
      const d = strip(samples, counts, (at) => this.x(at), base, (0.88 * pitch) / run.customers);
      const most = Math.max(...counts);
      const ground = `M${this.left} ${base}H${this.left + this.width}`;
      this.put(`strip ${row}`, "path", { class: `bar ${row}`, d, "data-action": row, "data-most": most });
      const textured = row === "espresso" || row === "milk";
      if (textured) this.put(`texture ${row}`, "path", { fill: `url(#${row})`, d });
      this.put(`base ${row}`, "path", { class: "grid", d: ground });
      this.figures(row, row === "served" ? run.served : most, base - pitch / 2);
    });
  }

  // What the strip is, and how many at the most: in two lines where there is room.
  figures(row, most, middle) {
    const [end, half] = [this.left - 0.7 * this.u, this.flat ? 0 : 0.55 * LINE * this.u];
    const y = middle + 0.34 * TEXT * this.u;
    if (this.flat) this.text(`label ${row}`, "strong", 0, y, row);
    else this.text(`label ${row}`, "strong end", end, y - half, row);
    this.text(`most ${row}`, "soft end", end, y + half, this.figure(row, most));
  }

  vertical(key, kind, at, top) {
    const x = this.x(at);
    this.put(key, "path", { class: kind, d: `M${x} ${top}V${this.bottom}` });
  }

  // The guess and the answer, each with its line and its name, below one another. Where they share
  // a line and there is no room for both, the answer has it.
  flags(run, guess, low) {
    const line = LINE * this.u;
    const answer = run.answered_s !== null && this.flag("answer", "answer", run.answered_s, low ? 1 : 2);
    if (guess === undefined) return;
    const name = guess > this.reach ? `your guess: ${seconds(guess)} →` : "your guess";
    const [from, to] = this.beside(name, guess);
    const taken = low && answer && from < answer[1] + line && to > answer[0] - line;
    this.flag("guess", taken ? "" : name, guess, 1);
  }

  // Returns from where to where its name reaches.
  flag(kind, name, at, row) {
    const y = row * LINE * this.u;
    this.vertical(kind, kind, at, name ? y - 0.8 * LINE * this.u : this.top);
    const [from, to] = this.beside(name, at);
    if (name) this.text(`${kind} name`, kind === "answer" ? "mark" : "", from, y - 0.15 * this.u, name);
    return [from, to];
  }

  // On the right of its line, if there is room.
  beside(name, at) {
    const [x, gap, wide] = [this.x(at), 0.35 * this.u, this.wide(name, 700)];
    const from = x + gap + wide <= this.edge ? x + gap : Math.max(0, x - gap - wide);
    return [from, from + wide];
  }

  text(key, kind, x, y, text, layer = this.layer) {
    const element = this.put(key, "text", { class: kind, x, y }, this.elements.get(`defs ${layer}`));
    if (element.textContent !== text) element.textContent = text;
    return element;
  }

  put(key, tag, attributes, parent = this.elements.get(`defs ${this.layer}`) ?? this.svg) {
    let element = this.elements.get(key);
    if (!element) {
      element = document.createElementNS("http://www.w3.org/2000/svg", tag);
      this.elements.set(key, element);
      parent.append(element);
    }
    this.drawn?.add(key);
    for (const [name, value] of Object.entries(attributes)) {
      const text = typeof value === "number" ? String(Math.round(value * 10) / 10) : value;
      if (element.getAttribute(name) !== text) element.setAttribute(name, text);
    }
    return element;
  }

  // Removes what was not drawn this time.
  sweep() {
    for (const [key, element] of this.elements) {
      if (this.drawn.has(key) || key.startsWith("defs")) continue;
      element.remove();
      this.elements.delete(key);
    }
  }

  // Stripes for the espresso and dots for the milk, so that no colour is needed to tell them.
  textures() {
    const defs = this.put("defs", "defs", {});
    const pattern = { width: 10, height: 10, patternUnits: "userSpaceOnUse" };
    const slanted = { id: "espresso", ...pattern, patternTransform: "rotate(45)" };
    const stripes = this.put("defs espresso", "pattern", slanted, defs);
    this.put("defs stripe", "path", { class: "stripe", d: "M2 0V10" }, stripes);
    const dots = this.put("defs milk", "pattern", { id: "milk", ...pattern }, defs);
    this.put("defs dot", "circle", { class: "dot", cx: 5, cy: 5, r: 1.6 }, dots);
  }
}

// The actions of a customer, packed into as few lanes as hold one thing at a time.
function lanes(records, customer) {
  const end = (record) => record.ended_s ?? Infinity;
  const overlap = (a, b) => a.started_s < end(b) && b.started_s < end(a);
  const lanes = [[]];
  const own = records.filter((record) => record.customer === customer);
  for (const record of own.sort((a, b) => a.started_s - b.started_s)) {
    const free = lanes.find((lane) => lane.length === 0 || !overlap(lane.at(-1), record));
    if (free) free.push(record);
    else lanes.push([record]);
  }
  return lanes;
}

function strip(samples, counts, x, base, unit) {
  // One customer of a hundred thousand is still one: a line, not nothing.
  const y = counts.map((count) => base - (count > 0 ? Math.max(count * unit, 1.5) : 0));
  const points = samples.map(([at], i) => `${x(at).toFixed(1)} ${y[i].toFixed(1)}`);
  return `M${x(0)} ${base}L${points.join("L")}L${x(samples.at(-1)[0]).toFixed(1)} ${base}Z`;
}

export function describe(run) {
  const crowd = run.samples.length > 0;
  const what = crowd ? "how many customers were at what" : "what each customer waited for";
  return `Timeline of ${people(run.customers)}: ${what}, in ${seconds(run.now_s)}`;
}
