// What the page says. The same figures as in the picture, for readers who do not see it.

export const number = (n) => n.toLocaleString("en");
export const plural = (n, thing) => `${number(n)} ${thing}${n === 1 ? "" : "s"}`;
export const people = (n) => plural(n, "customer");
export const seconds = (s) => `${decimals(s, 0.1)} s`;

// With as many decimals as the step between two such numbers has.
export function decimals(s, step) {
  const digits = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  return s.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

// As the shop says it: in a smaller unit where seconds would read as nothing.
export function spoken(s) {
  const micros = Math.floor(s * 1e6);
  if (micros >= 1 && micros < 1_000) return plural(micros, "microsecond");
  if (micros >= 1_000 && micros < 100_000) return plural(Math.floor(micros / 1_000), "millisecond");
  return seconds(s);
}

const choice = (run, shop) => shop.steps.find((step) => step.number === run.step);
export const idea = (run, shop) => choice(run, shop)?.idea ?? "";
export const title = (run, shop) =>
  `Step ${run.step}, ${choice(run, shop)?.name ?? "unknown"}: ${people(run.customers)}`;

// What a glance should take home.
export function sentence(run) {
  // The shop writes its numbers plainly, for programs.
  const said = run.sentence?.replace(/\d{4,}/g, (digits) => number(Number(digits)));
  const lost = run.lost && `${number(run.lost)} of ${plural(run.customers, "coffee")} lost`;
  if (run.over && lost) {
    const answer = said ? `${said}, but ` : "The order was hung up: ";
    return `${answer}${lost} after ${seconds(run.last_end_s ?? run.now_s)}`;
  }
  if (run.over && isLate(run)) return `${said}, but the last came after ${seconds(run.last_end_s)}`;
  if (said && !run.over) return `${said}, but ${served(run)}`;
  return said ?? served(run).replace("no", "No");
}

function served(run) {
  if (run.served === 0) return "no one has a coffee yet";
  return `${number(run.served)} of ${number(run.customers)} served`;
}

// Whether coffees came, or were lost, well after the answer: it was a lie.
export const isLate = (run) => run.answered_s !== null && run.last_end_s > run.answered_s + 0.01;

// The guess beside what happened, as both are written on the page.
export function compared(run, guess) {
  if (guess === undefined) return "";
  const yours = `Your guess: ${seconds(guess)}`;
  if (run.answered_s === null) return run.over ? `${yours}. There was no answer.` : yours;
  if (tenths(guess) === tenths(run.answered_s)) return `${yours}. Right!`;
  if (!run.over) return yours;
  if (isLate(run) && tenths(guess) === tenths(run.last_end_s)) {
    return `${yours}. Right for the coffee, not for the answer!`;
  }
  const close = Math.abs(tenths(guess) - tenths(run.answered_s)) <= 0.1 * tenths(run.answered_s);
  if (close) return `${yours}. Close: the answer took ${spoken(run.answered_s)}.`;
  return `${yours}. The answer took ${spoken(run.answered_s)}${times(run.answered_s, guess)}.`;
}

const tenths = (s) => Math.round(10 * s);

function times(took, guess) {
  if (tenths(took) === 0 || tenths(guess) === 0) return "";
  const ratio = tenths(took) / tenths(guess);
  const factor = ratio < 1 ? 1 / ratio : ratio;
  return `, ${decimals(factor, 0.1)} times as ${ratio < 1 ? "fast" : "long"}`;
}

export function took(result) {
  const { answered_s: answered, last_end_s: end, lost } = result;
  if (lost > 0) return `stopped after ${seconds(end)}, ${number(lost)} lost`;
  if (isLate(result)) return `answer ${spoken(answered)}, last coffee ${seconds(end)}`;
  return spoken(answered ?? end);
}

// Every action of a few customers, or how many of a crowd were at what.
export function story(run) {
  if (run.samples.length > 0) {
    const most = (i) => Math.max(...run.samples.map((sample) => sample[i]));
    const [pay, espresso, milk] = [1, 2, 3].map((i) => number(most(i)));
    return [
      `At once at most ${pay} paying, ${espresso} espressos, ${milk} milks.`,
      `${number(run.served)} served, ${number(run.lost)} lost.`,
    ];
  }
  const customers = Map.groupBy(run.records, (record) => record.customer);
  return [...customers].sort(([a], [b]) => a - b).map(([customer, records]) => {
    return `Customer ${customer}: ${records.map(span).join(", ")}.`;
  });
}

function span(record) {
  if (record.ended_s === null) return `${record.action} since ${seconds(record.started_s)}`;
  const cancelled = record.outcome === "cancelled" ? " (cancelled)" : "";
  return `${record.action} ${decimals(record.started_s, 0.1)} to ${seconds(record.ended_s)}${cancelled}`;
}

// One of many orders, in a line.
export function progress({ customers, served, lost, over, now }) {
  if (lost > 0) return `${number(lost)} lost, ${seconds(now)}`;
  return over ? seconds(now) : `${number(served)} of ${number(customers)} served, ${seconds(now)}`;
}
