// Draws one run. A row holds one thing at a time, as in the text timeline: the height of the
// picture is its concurrency, its width the time, and the area, the work, is always the same.

import { number, people, seconds } from "./words.js";

const ACTIONS = ["pay", "espresso", "milk"];
// Above the rows are the flags, below them the axis; beside them what they are.
const TOP = 46, BOTTOM = 28, RIGHT = 18;

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

  draw(run, now, guess, customerSeconds) {
    this.drawn = new Set();
    const { clientWidth: width, clientHeight: height } = this.svg;
    if (width === 0) return; // no place on the page yet: the next frame draws
    const crowd = run.samples.length > 0;
    const label = crowd ? 190 : run.customers < 10 ? 118 : 134;
    this.left = width < 700 ? 84 : label;
    this.width = Math.max(width - this.left - RIGHT, 40);
    this.height = Math.max(height - TOP - BOTTOM, 40);
    this.reach = reach(run, now, guess, customerSeconds);
    this.layer = "axis";
    this.axis(width);
    this.layer = "rows";
    if (crowd) this.crowd(run, now);
    else this.lanes(run, now);
    this.layer = "marks";
    if (!run.over) this.vertical("now", "now", now, TOP);
    const answer = run.answered_s ?? Infinity;
    const apart = Math.abs(this.x(answer) - this.x(guess ?? Infinity)) > 120;
    if (guess !== undefined) this.flag("guess", "your guess", guess, 18, apart);
    if (run.answered_s !== null) this.flag("answer", "answer", answer, 38, apart);
    this.sweep();
  }

  x(at) {
    return this.left + (this.width * Math.min(at, this.reach)) / this.reach;
  }

  axis(width) {
    const bottom = TOP + this.height;
    for (const at of ticks(this.reach, width < 700 ? 4 : 10)) {
      const x = this.x(at);
      this.put(`grid ${at}`, "path", { class: "grid", d: `M${x} ${TOP}V${bottom}` });
      this.text(`tick ${at}`, "soft middle", x, bottom + 22, `${at} s`);
    }
  }

  lanes(run, now) {
    const customers = Array.from({ length: run.customers }, (_, i) => lanes(run.records, i + 1));
    const count = customers.reduce((sum, lanes) => sum + lanes.length, 0);
    const pitch = Math.min(this.height / count, 80);
    let row = 0, labelled = -Infinity;
    customers.forEach((lanes, i) => {
      const y = TOP + row * pitch;
      if (y - labelled >= 18) {
        labelled = y;
        const label = this.left < 100 ? `no. ${i + 1}` : `customer ${i + 1}`;
        this.text(`label ${i}`, "", 0, y + Math.max(pitch / 2, 9) + 6, label);
      }
      for (const records of lanes) {
        for (const record of records) this.bar(record, TOP + row * pitch, pitch, now);
        row += 1;
      }
    });
  }

  bar(record, y, pitch, now) {
    const { customer, action, outcome } = record;
    const key = `${customer} ${action} ${record.started_s}`;
    const from = this.x(record.started_s);
    const to = this.x(record.ended_s ?? Math.max(now, record.started_s));
    const [width, height, rx] = [Math.max(to - from, 1), pitch * 0.9, Math.min(5, pitch / 5)];
    const box = { x: from, y: y + pitch * 0.04, width, height, rx };
    const state = (outcome ?? "going") + (pitch < 9 ? " thin" : "");
    const data = { "data-customer": customer, "data-action": action, "data-state": outcome ?? "going" };
    this.put(`bar ${key}`, "rect", { class: `bar ${action} ${state}`, ...box, ...data });
    const texture = { class: state, fill: `url(#${action})`, ...box };
    if (action !== "pay") this.put(`texture ${key}`, "rect", texture);
    this.name(key, action, box, outcome === "cancelled" ? "off" : `on-${action}`);
    if (outcome === "cancelled") this.cross(key, to, box);
  }

  // The name where there is room, else its initial; the texture is there in any case.
  name(key, action, box, kind) {
    if (box.height < 13) return;
    const fitting = (text) => Math.min(box.height * 0.66, 22, (box.width - 8) / (text.length * 0.6));
    const text = fitting(action) >= 12 ? action : action[0].toUpperCase();
    const size = fitting(text);
    if (size < 8) return;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2 + size * 0.34];
    const name = this.text(`name ${key}`, `middle ${kind}`, x, y, text, "names");
    name.style.fontSize = `${size}px`;
  }

  cross(key, x, { y, height }) {
    const r = Math.min(8, height / 2), middle = y + height / 2;
    const d = `M${x - r} ${middle - r}l${2 * r} ${2 * r}M${x - r} ${middle + r}l${2 * r} ${-2 * r}`;
    this.put(`cross ${key}`, "path", { class: "cross", d });
  }

  // A strip for each action, as high as the part of the customers who are at it.
  crowd(run, now) {
    const rows = [...ACTIONS, "served"];
    const pitch = this.height / rows.length;
    const latest = [now, ...run.samples.at(-1).slice(1)];
    const samples = run.over ? run.samples : [...run.samples, latest];
    rows.forEach((row, i) => {
      const base = TOP + (i + 1) * pitch - 4;
      const counts = samples.map((sample) => sample[i + 1]);
      const d = strip(samples, counts, (at) => this.x(at), base, (pitch - 10) / run.customers);
      const most = Math.max(...counts);
      const ground = `M${this.left} ${base}H${this.left + this.width}`;
      this.put(`strip ${row}`, "path", { class: `bar ${row}`, d, "data-action": row, "data-most": most });
      const textured = row === "espresso" || row === "milk";
      if (textured) this.put(`texture ${row}`, "path", { fill: `url(#${row})`, d });
      this.put(`base ${row}`, "path", { class: "grid", d: ground });
      this.figures(row, row === "served" ? run.served : most, base - pitch / 2 + 4, pitch);
    });
  }

  figures(row, most, middle, pitch) {
    const figure = number(most) + (row !== "served" && this.left > 100 ? " at once" : "");
    const low = pitch < 54; // no room for two lines
    this.text(`label ${row}`, "", 0, middle + (low ? 4 : -4), row).style.fontWeight = 700;
    if (!low) this.text(`most ${row}`, "soft", 0, middle + 20, figure);
    else if (this.left > 100) {
      this.text(`most ${row}`, "soft end", this.left - 8, middle + 4, number(most));
    }
  }

  vertical(key, kind, at, top) {
    const x = this.x(at);
    this.put(key, "path", { class: kind, d: `M${x} ${top}V${TOP + this.height}` });
  }

  // A line with a name above the rows, on the side where there is more room; it begins beside
  // its name, unless it would run through the other's.
  flag(kind, name, at, y, apart) {
    this.vertical(kind, kind, at, apart ? y - 14 : TOP - 4);
    const x = this.x(at), beyond = at > this.reach ? ` ${seconds(at)} →` : "";
    const left = x > this.left + this.width / 2;
    const colour = kind === "answer" ? "mark" : "";
    this.text(`${kind} name`, left ? `${colour} end` : colour, left ? x - 7 : x + 7, y, name + beyond);
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
  // One customer of a hundred thousand is still somebody: a line, not nothing.
  const y = counts.map((count) => base - (count > 0 ? Math.max(count * unit, 1.5) : 0));
  const points = samples.map(([at], i) => `${x(at).toFixed(1)} ${y[i].toFixed(1)}`);
  return `M${x(0)} ${base}L${points.join("L")}L${x(samples.at(-1)[0]).toFixed(1)} ${base}Z`;
}

// How far the axis reaches: one customer's time at least, so that 2 s look like a third of 6 s;
// and while time goes on, some customers' times ahead of it.
function reach(run, now, guess, customerSeconds) {
  const end = run.over ? run.now_s : now * 1.02;
  const steps = [1, 2, 3, 4, 6, 8, 10];
  const ahead = (n) => {
    const ten = 10 ** Math.floor(Math.log10(n));
    return steps.map((step) => step * ten).find((step) => step >= n);
  };
  const needed = run.over
    ? Math.max(end, customerSeconds)
    : customerSeconds * ahead(Math.max(end / customerSeconds, 1));
  return Math.max(needed, Math.min(guess ?? 0, 2 * needed));
}

// Round numbers of seconds; 6 s is one customer, so it makes a better step here than 5 s.
function ticks(reach, most) {
  const steps = [0.001, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 6, 12, 30, 60, 120];
  let step = steps.find((step) => reach / step <= most);
  if (!step) step = 300 * Math.ceil(reach / most / 300);
  const marks = Math.floor(reach / step + 1e-3);
  return Array.from({ length: marks + 1 }, (_, i) => Number((i * step).toPrecision(6)));
}

export function describe(run) {
  const crowd = run.samples.length > 0;
  const what = crowd ? "how many customers were at what" : "what each customer waited for";
  return `Timeline of ${people(run.customers)}: ${what}, in ${seconds(run.now_s)}`;
}
