// Memory over the number of customers, with the limit as a line: the wall, and a bound before it.

import { canvas, WIDTH } from "./canvas.mjs";
import { grouped, limits, talk } from "./data.mjs";

const LIMIT = 10 * 1024 * 1024;
const TOP = 14e6;

export function wall() {
  const ours = limits().orders.filter(({ limit, step }) => limit === "10 MiB" && step === "nested-joins").sort((a, b) => a.customers - b.customers);
  const served = ours.filter(({ status }) => status === 200);
  const killed = ours.find(({ status }) => status === null);
  const theirs = talk({ step: 8, what: "outcome" }).customers;
  const says = `Memory in use over customers in one order, with the limit of 10 MiB as a line. Without a bound the shop is killed at ${grouped(killed.customers)} customers here, and was at ${grouped(theirs)} in the talk. With a bound it refuses what does not fit, stays below the limit, and lives.`;
  const picture = canvas(450, "Memory over customers, and the limit", says);
  const [left, right, floor, ceiling] = [150, WIDTH - 330, 370, 24];
  const x = (customers) => left + ((Math.log10(customers) - Math.log10(3)) / (Math.log10(30000) - Math.log10(3))) * (right - left);
  const y = (bytes) => floor - (bytes / TOP) * (floor - ceiling);

  for (const megabytes of [0, 5, 10]) {
    picture.line(`M${left} ${y(megabytes * 1e6)}H${right}`, "line");
    picture.words(left - 14, y(megabytes * 1e6) + 8, megabytes ? `${megabytes} MB` : "0", { anchor: "end", ink: "soft", size: 22 });
  }
  for (const customers of [3, 30, 300, 3000, 30000]) {
    picture.words(x(customers), floor + 32, grouped(customers), { anchor: "middle", ink: "soft", size: 22 });
  }
  picture.words((left + right) / 2, floor + 66, "customers in one order", { anchor: "middle", ink: "soft", size: 22 });

  picture.line(`M${left} ${y(LIMIT)}H${right}`, "mark", { weight: 4, dash: "14 8" });
  picture.words(left + 8, y(LIMIT) - 14, "the limit: 10 MiB", { ink: "mark", size: 24, bold: true });

  const points = served.map(({ customers, peak_bytes }) => `${x(customers)} ${y(peak_bytes)}`);
  picture.line(`M${points.join("L")}L${x(killed.customers)} ${y(LIMIT)}`, "espresso", { weight: 5 });
  served.forEach(({ customers, peak_bytes }) => picture.dot(x(customers), y(peak_bytes), 5, "espresso"));
  picture.cross(x(killed.customers), y(LIMIT));
  picture.cross(x(theirs), y(LIMIT));
  picture.words(x(theirs), y(LIMIT) - 22, `the talk: killed at ${grouped(theirs)}`, { anchor: "middle", size: 24, bold: true });

  // With a bound an order that does not fit costs nothing, so the memory stays where it is for those
  // that do. Three hundred fit into any bound that the shop reckons for 10 MiB.
  const fits = served.find(({ customers }) => customers === 300).peak_bytes;
  picture.line(`M${x(3)} ${y(fits) + 9}H${right}`, "pay", { weight: 5 });

  const key = (top, ink, head, lines) => {
    picture.line(`M${right + 24} ${top - 8}h34`, ink, { weight: 5 });
    picture.words(right + 70, top, head, { size: 24, bold: true });
    lines.forEach((line, i) => picture.words(right + 70, top + 30 * (i + 1), line, { size: 22, ink: "soft" }));
  };
  key(70, "espresso", "without a bound", [`killed at ${grouped(killed.customers)}:`, "all inside are lost"]);
  key(236, "pay", "with a bound", ["refuses what does", "not fit, and lives"]);
  return picture.svg();
}
