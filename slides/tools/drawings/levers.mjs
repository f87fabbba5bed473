// What each lever moves, and what a second pod takes away.

import { canvas, WIDTH } from "./canvas.mjs";
import { exact, grouped, limits, seconds, talk } from "./data.mjs";

export function levers() {
  const data = limits();
  const one = exact({ step: 2, what: "answer", customers: 3 });
  const all = exact({ step: 5, what: "answer", customers: 3 });
  const image = talk({ step: 6, what: "image size" }).value;
  const small = talk({ step: 8, what: "time", customers: 300 }).customers;
  const large = talk({ step: 9, what: "time", customers: 30000 }).customers;
  const pods = talk({ step: 10, what: "replicas" }).value;
  const killed = data.orders.find(({ limit, step, status }) => limit === "10 MiB" && step === "nested-joins" && status === null).customers;
  const rows = [
    ["tasks and joins", "three customers wait", one, all, (value) => seconds(value), "espresso"],
    ["containerize", "the image, the talk's and ours", image, data.image_bytes / 1e6, (value) => `${value.toFixed(1)} MB`, "espresso"],
    ["deploy", "pods that come back by themselves", 0, talk({ step: 7, what: "replicas" }).value, String, "pay"],
    ["set a bound", "customers lost in 10 MiB", killed, 0, grouped, "espresso"],
    ["scale up", "customers in one pod, in the talk", small, large, grouped, "pay"],
    ["scale out", "customers in all pods, in the talk", large, pods * large, grouped, "pay"],
  ];
  const says = rows.map(([lever, what, before, after, word]) => `${lever}: ${what}, ${word(before)} before, ${word(after)} after`).join("; ");
  const picture = canvas(460, "What each lever moves", `${says}.`);
  const [left, width] = [570, 380];
  rows.forEach(([lever, what, before, after, word, ink], i) => {
    const top = 14 + i * 74;
    const most = Math.max(before, after);
    const bar = (value, y, colour) => {
      const wide = Math.max(3, (value / most) * width);
      picture.box(left, y, wide, 24, colour, { radius: 4 });
      return left + wide + 14;
    };
    if (i > 0) picture.line(`M60 ${top - 10}H${WIDTH - 60}`, "line");
    picture.words(60, top + 26, lever, { size: 28, bold: true });
    picture.words(60, top + 54, what, { size: 22, ink: "soft" });
    picture.words(bar(before, top + 2, "soft"), top + 22, word(before), { size: 22, ink: "soft" });
    picture.words(bar(after, top + 32, ink), top + 53, word(after), { size: 24, bold: true });
  });
  picture.box(WIDTH - 186, 14, 20, 20, "soft", { radius: 4 });
  picture.words(WIDTH - 156, 32, "before", { size: 22, ink: "soft" });
  picture.box(WIDTH - 186, 42, 20, 20, "espresso", { radius: 4 });
  picture.words(WIDTH - 156, 60, "after", { size: 22, ink: "soft" });
  return picture.svg();
}

export function pods() {
  const wait = exact({ step: 5, what: "answer", customers: 30000 });
  const rows = [
    ["one pod", talk({ step: 9, what: "time", customers: 30000 }).value],
    ["two pods, the one", talk({ step: 10, what: "time of one pod" }).value],
    ["two pods, the other", talk({ step: 10, what: "time of the other pod" }).value],
  ];
  const says = `30,000 customers for each pod, in the talk: ${rows.map(([name, value]) => `${name} ${seconds(value, 2)}`).join(", ")}. Of each, ${seconds(wait)} are the wait; only what comes on top of it became less.`;
  const picture = canvas(400, "What a second pod takes away", says);
  const [left, scale] = [390, 195];
  picture.line(`M${left + wait * scale} 40V330`, "pay", { weight: 3, dash: "8 6" });
  picture.words(left + wait * scale, 30, `the wait, ${seconds(wait)}: no pod makes it shorter`, { anchor: "middle", size: 24, bold: true, ink: "pay" });
  rows.forEach(([name, value], i) => {
    const y = 70 + i * 88;
    picture.words(60, y + 40, name, { size: 26, bold: true });
    picture.box(left, y, wait * scale, 60, "pay", { radius: 4 });
    picture.box(left + wait * scale, y, (value - wait) * scale, 60, "mark", { radius: 4 });
    picture.words(left + value * scale + 16, y + 40, seconds(value, 2), { size: 28, bold: true });
  });
  picture.box(left, 350, 22, 22, "pay", { radius: 4 });
  picture.words(left + 32, 369, "the wait", { size: 24, ink: "soft" });
  picture.box(left + 190, 350, 22, 22, "mark", { radius: 4 });
  picture.words(left + 222, 369, "on top: work for a processor, and waiting for it", { size: 24, ink: "soft" });
  return picture.svg();
}
