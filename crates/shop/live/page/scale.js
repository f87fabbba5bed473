// How long things are on the page: one unit for all sizes, one time axis for all that stand beside
// one another.

import { decimals } from "./words.js";

// All sizes derive from the root's font, which the style sheet derives from the window.
export const unit = () => parseFloat(getComputedStyle(document.documentElement).fontSize);

const paper = document.createElement("canvas").getContext("2d");

// How wide a text is in the page's font, in px.
export function textWidth(text, size, weight = 400) {
  paper.font = `${weight} ${size}px ${getComputedStyle(document.body).fontFamily}`;
  return paper.measureText(text).width;
}

// How far an axis reaches on which all of these can be compared: one customer's time at least, so
// that 2 s look like a third of 6 s; and while time goes on, some customers' times ahead of it.
export function reach(lengths, going, customerSeconds) {
  const ended = Math.max(customerSeconds, ...lengths);
  const now = Math.max(0, ...going) * 1.02;
  return now <= customerSeconds ? ended : Math.max(ended, customerSeconds * ahead(now / customerSeconds));
}

function ahead(n) {
  const ten = 10 ** Math.floor(Math.log10(n));
  return [1, 2, 3, 4, 6, 8, 10].map((step) => step * ten).find((step) => step >= n);
}

// Round numbers of seconds, with what to write beside each. 6 and 12 rather than 5 and 10: halves
// and thirds of them are whole.
export function ticks(reach, most) {
  const steps = [0.001, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 6, 12, 30, 60, 120];
  let step = steps.find((step) => reach / step <= most);
  if (!step) step = 300 * Math.ceil(reach / most / 300);
  const marks = Math.floor(reach / step + 1e-3);
  return Array.from({ length: marks + 1 }, (_, i) => [i * step, `${decimals(i * step, step)} s`]);
}
