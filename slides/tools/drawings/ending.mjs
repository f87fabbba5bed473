// How a shop ends: the seconds are those of k8s/base/deployment.yaml, and what happens to the orders is
// computed from them.

import { canvas, WIDTH } from "./canvas.mjs";
import { exact, manifest, seconds } from "./data.mjs";

const coffee = () => exact({ step: 5, what: "answer", customers: 3 });
export const plan = () => ({
  withdrawn: manifest(String.raw`sleep:\s+seconds:`),
  delay: manifest(String.raw`DRAIN_DELAY\s+value: "`),
  grace: manifest(String.raw`GRACE_PERIOD\s+value: "`),
});

// Orders that come every `every` seconds from the beginning until `until`, in rows so that none covers
// another.
export function rows(begins, takes) {
  const ends = [];
  return begins.map((start) => {
    let row = ends.findIndex((end) => end <= start + 1e-9);
    if (row < 0) row = ends.length;
    ends[row] = start + takes;
    return { start, end: start + takes, row };
  });
}

export function drain() {
  const { withdrawn, delay, grace } = plan();
  const closes = withdrawn + delay;
  const takes = coffee();
  // Until every load balancer has heard of it, orders still come; the last one just before the door closes.
  const orders = rows(Array.from({ length: 10 }, (_, i) => 0.2 + i * ((closes - 0.4) / 9)), takes);
  const last = Math.max(...orders.map(({ end }) => end));
  const says = `A shop is told to stop at second 0. Its address is withdrawn until second ${withdrawn}; at SIGTERM it says that it is not ready and serves on for ${delay} s; from second ${closes} on new orders get 503 and accepted ones finish, the last at ${seconds(last)}. It might take until second ${closes + grace}.`;
  const picture = canvas(430, "How a shop ends without losing an order", says);
  const [left, right] = [270, WIDTH - 60];
  const x = (time) => left + (time / 12) * (right - left);

  for (let time = 0; time <= 12; time += 2) {
    picture.line(`M${x(time)} 60V372`, "line");
    picture.words(x(time), 406, `${time} s`, { anchor: "middle", ink: "soft", size: 22 });
  }
  const row = (y, name, from, to, ink, text, on = "page") => {
    picture.words(60, y + 27, name, { size: 24, bold: true });
    picture.box(x(from), y, x(to) - x(from), 38, ink);
    picture.words(x(from) + 12, y + 27, text, { size: 22, ink: on });
  };
  row(76, "the address", 0, withdrawn, "pale", "withdrawn, step by step", "ink");
  row(126, "/readyz", 0, withdrawn, "pay", "200: ready");
  picture.box(x(withdrawn), 126, x(last) - x(withdrawn), 38, "mark");
  picture.words(x(withdrawn) + 12, 153, "503: not ready", { size: 22, ink: "page" });
  row(176, "new orders", 0, closes, "pay", "accepted, as ever");
  picture.box(x(closes), 176, x(last) - x(closes), 38, "mark");
  picture.words(x(closes) + 12, 203, "503", { size: 22, ink: "page" });
  picture.words(60, 262, "orders inside", { size: 24, bold: true });
  for (const { start, end, row } of orders) picture.box(x(start), 232 + row * 40, x(end) - x(start) - 3, 32, "espresso");
  const mark = (time, text, anchor = "middle") => {
    picture.line(`M${x(time)} 60V372`, "mark", { weight: 3, dash: "8 6" });
    picture.words(x(time), 44, text, { anchor, size: 22, ink: "mark", bold: true });
  };
  mark(0, "told to stop", "start");
  mark(withdrawn, "SIGTERM");
  mark(closes, "closes");
  mark(last, `the end, ${seconds(last)}`, "start");
  return picture.svg();
}

const STARTS = 1; // s until a new pod is ready; a model
const HEARS = 4; // s until the last load balancer knows that a pod leaves; a model

// Two old pods, two new ones: one more at a time, and never one less. An order goes to the pod with the
// fewest of those that the load balancer believes to be ready.
export function rolled({ withdrawn, delay } = plan()) {
  const takes = coffee();
  const pods = [
    { name: "old 1", ready: -9, leaves: STARTS },
    { name: "old 2", ready: -9, leaves: 2 * STARTS },
    { name: "new 1", ready: STARTS, leaves: Infinity },
    { name: "new 2", ready: 2 * STARTS, leaves: Infinity },
  ];
  const orders = [];
  for (let time = 0.1; time < 13.5; time += 0.4) {
    const known = pods.filter(({ ready, leaves }) => ready <= time && time < leaves + HEARS);
    const least = known.reduce((best, pod) => (count(orders, pod, time) < count(orders, best, time) ? pod : best));
    orders.push({ pod: least, start: time, end: time + takes });
  }
  // A pod that has been told to stop takes orders until its address is withdrawn and its delay is over.
  const closed = (pod) => pod.leaves + withdrawn + delay;
  const lost = orders.filter(({ pod, start }) => start >= closed(pod)).length;
  return { pods: pods.map((pod) => ({ ...pod, ends: Math.max(closed(pod), ...orders.filter((order) => order.pod === pod).map(({ end }) => end)) })), orders, lost };
}

const count = (orders, pod, time) => orders.filter((order) => order.pod === pod && order.end > time).length;

export function rollout() {
  const { withdrawn } = plan();
  const { pods, orders, lost } = rolled();
  const says = `Two old pods are replaced by two new ones. A new one is ready before an old one is told to leave; the old one serves for as long as its address is being withdrawn, and finishes what it has. Of ${orders.length} orders ${lost} are lost.`;
  const picture = canvas(450, "A rollout that loses no order", says);
  const [left, right] = [170, WIDTH - 60];
  const x = (time) => left + (time / 14) * (right - left);
  for (let time = 0; time <= 14; time += 2) {
    picture.line(`M${x(time)} 20V390`, "line");
    picture.words(x(time), 424, `${time} s`, { anchor: "middle", ink: "soft", size: 22 });
  }
  pods.forEach((pod, i) => {
    const top = 24 + i * 92;
    const [from, to] = [Math.max(0, pod.ready), Math.min(14, pod.ends)];
    picture.words(60, top + 48, pod.name, { size: 24, bold: true });
    picture.box(x(from), top, x(to) - x(from), 80, "panel", { edge: "line", radius: 8 });
    if (pod.leaves < 14) {
      const [gone, stop] = [x(pod.leaves), x(pod.leaves + withdrawn)];
      picture.line(`M${gone} ${top}V${top + 80}`, "mark", { weight: 3, dash: "6 5" });
      picture.line(`M${stop} ${top}V${top + 80}`, "mark", { weight: 3, dash: "6 5" });
      picture.words(stop + 8, top + 72, "SIGTERM", { size: 20, ink: "mark" });
      picture.words(gone + 8, top + 72, "leaves", { size: 20, ink: "mark" });
    }
    const own = orders.filter((order) => order.pod.name === pod.name);
    for (const { start, end, row } of rows(own.map(({ start }) => start), own[0].end - own[0].start)) {
      if (end <= 14) picture.box(x(start), top + 6 + row * 11, x(end) - x(start) - 2, 8, i < 2 ? "espresso" : "pay", { radius: 3 });
    }
  });
  picture.box(right - 356, 30, 336, 64, "page", { edge: "pay", weight: 3 });
  picture.words(right - 188, 72, `${orders.length} orders, ${lost} lost`, { anchor: "middle", size: 28, bold: true, ink: "pay" });
  return picture.svg();
}
